-- A user whose id an update changes goes under the old one and comes under the new one: both are changes. Such updates are
-- of people whom no interaction, edge or plan names, so no other trigger tells of them.

-- As in V22: a function that is replaced loses its search path otherwise.
do $$
begin
  perform set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true);
end
$$;

create or replace function record_changed_homes() returns trigger language plpgsql set search_path from current as $$
begin
  if tg_op = 'UPDATE' then
    perform record_user_changes(array(
      select id from new_rows new_row full join old_rows old_row using (id)
      where new_row.id is null or old_row.id is null
         or (new_row.home_lat, new_row.home_lng) is distinct from (old_row.home_lat, old_row.home_lng)));
  elsif tg_op = 'INSERT' then
    perform record_user_changes(array(select id from new_rows));
  else
    perform record_user_changes(array(select id from old_rows));
  end if;
  return null;
end
$$;
