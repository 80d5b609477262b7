-- Clones of one server, as of its disk, have its identifier, but from then on numbers of their own. A run from what is the
-- future here tells a dump that comes from one of them, as in V20.
do $$
begin
  perform set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true);
end
$$;

create or replace function adopt_transaction_numbers() returns boolean language plpgsql set search_path from current as $$
declare
  here bigint := (select system_identifier from pg_control_system());
begin
  for look in 1 .. 2 loop -- the second with the row locked: another process may have been first
    if not exists (select from transaction_origin where system_identifier <> here)
       and not exists (select from run where pg_snapshot_xmax(snapshot) > pg_snapshot_xmax(pg_current_snapshot())) then
      return false;
    end if;
    perform from transaction_origin for update;
  end loop;
  update transaction_origin set system_identifier = here;
  update run set snapshot = '1:1:' where snapshot is not null;
  update user_change set xid = '1';
  update venue_change set xid = '1';
  return true;
end
$$;
