-- A snapshot and the transactions it saw are numbers of the server that gave them. In a database that was restored from a
-- dump they are another server's: what is changed there would count as seen long ago, and never be ranked by a refresh.
create table transaction_origin (
  singleton          boolean  primary key default true,
  system_identifier  bigint   not null, -- whose numbers run.snapshot, user_change.xid and venue_change.xid are
  constraint transaction_origin_singleton_check check (singleton)
);

-- A run from what is the future here shows that this has happened already; nobody has 0.
insert into transaction_origin (system_identifier)
select case when exists (select from run where pg_snapshot_xmax(snapshot) > pg_snapshot_xmax(pg_current_snapshot()))
         then 0
         else (select system_identifier from pg_control_system())
       end;

-- To be called before anything is read or changed. True if the numbers were another server's: then the runs that are there
-- have seen none of the changes that are there, and all runs to come have.
create function adopt_transaction_numbers() returns boolean language plpgsql as $$
declare
  here bigint := (select system_identifier from pg_control_system());
begin
  if exists (select from transaction_origin where system_identifier = here) then
    return false;
  end if;
  update transaction_origin set system_identifier = here where system_identifier <> here;
  if not found then -- another process was first
    return false;
  end if;
  update run set snapshot = '1:1:' where snapshot is not null;
  update user_change set xid = '1';
  update venue_change set xid = '1';
  return true;
end
$$;
