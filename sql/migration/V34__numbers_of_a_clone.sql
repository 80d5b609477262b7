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
  update transaction_origin set system_identifier = here
  where system_identifier <> here
     or exists (select from run where pg_snapshot_xmax(snapshot) > pg_snapshot_xmax(pg_current_snapshot()));
  if not found then -- or another process was first
    return false;
  end if;
  update run set snapshot = '1:1:' where snapshot is not null;
  update user_change set xid = '1';
  update venue_change set xid = '1';
  return true;
end
$$;
