-- Which inputs changed, and when: what reads and refresh runs compare with the snapshot of a run.
--
-- A row per user or venue that ever changed, with the transaction of its latest change. A run has seen that change if
-- pg_visible_in_snapshot(xid, run.snapshot), whatever the order of commits was. Rows that every kept run has seen may go.
-- Triggers are per statement, so that a statement over a million rows costs one sort of its user ids.

-- A user's own inputs: home, interactions and outgoing edges. Names, handles and ages do not count.
create table user_change (
  user_id  uuid  primary key, -- no reference: the row outlives its user, whom older runs still rank
  xid      xid8  not null
) with (fillfactor = 70);

-- Any change of a venue. A venue that is not in venues any more was deleted.
create table venue_change (
  venue_id  uuid    primary key, -- no reference: the row outlives its venue
  version   bigint  not null,    -- venue_catalog.version that this change made
  xid       xid8    not null
) with (fillfactor = 70);
create index venue_change_version_idx on venue_change (version);

-- Readers at or above reset_version find everything they missed in venue_change; readers below it start anew.
alter table venue_catalog add column reset_version bigint not null default 0;

-- What is no longer needed, since every run from the given snapshot on has seen it.
create function forget_input_changes(oldest_kept pg_snapshot) returns void language sql as $$
  delete from user_change where pg_visible_in_snapshot(xid, oldest_kept);
  with forgotten as (
    delete from venue_change where pg_visible_in_snapshot(xid, oldest_kept) returning version
  )
  update venue_catalog set reset_version = greatest(reset_version, (select max(version) from forgotten))
  where exists (select from forgotten);
$$;

-- Rows are locked in id order, so that two statements about the same people cannot block each other.
create function record_user_changes(user_ids uuid[]) returns void language sql as $$
  insert into user_change as known (user_id, xid)
  select distinct id, pg_current_xact_id() from unnest(user_ids) id order by id
  on conflict (user_id) do update set xid = excluded.xid where known.xid <> excluded.xid
$$;

create function record_changed_homes() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' then
    perform record_user_changes(array(
      select new_row.id from new_rows new_row join old_rows old_row using (id)
      where (new_row.home_lat, new_row.home_lng) is distinct from (old_row.home_lat, old_row.home_lng)));
  elsif tg_op = 'INSERT' then
    perform record_user_changes(array(select id from new_rows));
  else
    perform record_user_changes(array(select id from old_rows));
  end if;
  return null;
end
$$;

-- For tables with a column user_id whose rows are that user's inputs.
create function record_changes_of_user_id() returns trigger language plpgsql as $$
begin
  if tg_op = 'TRUNCATE' then
    perform record_user_changes(array(select id from users));
  elsif tg_op = 'UPDATE' then
    perform record_user_changes(array(select user_id from old_rows union select user_id from new_rows));
  elsif tg_op = 'INSERT' then
    perform record_user_changes(array(select distinct user_id from new_rows));
  else
    perform record_user_changes(array(select distinct user_id from old_rows));
  end if;
  return null;
end
$$;

-- One update of the catalog per statement that changed anything: versions commit in their order.
create function record_venue_changes() returns trigger language plpgsql as $$
declare
  changed uuid[];
  next_version bigint;
begin
  if tg_op = 'TRUNCATE' then
    update venue_catalog set version = version + 1, reset_version = version + 1;
    return null;
  elsif tg_op = 'UPDATE' then
    changed := array(select id from old_rows union select id from new_rows);
  elsif tg_op = 'INSERT' then
    changed := array(select id from new_rows);
  else
    changed := array(select id from old_rows);
  end if;
  if cardinality(changed) > 0 then
    update venue_catalog set version = version + 1 returning version into next_version;
    insert into venue_change as known (venue_id, version, xid)
    select id, next_version, pg_current_xact_id() from unnest(changed) id order by id
    on conflict (venue_id) do update set version = excluded.version, xid = excluded.xid;
  end if;
  return null;
end
$$;

create trigger users_record_insert after insert on users
  referencing new table as new_rows for each statement execute function record_changed_homes();
create trigger users_record_update after update on users
  referencing old table as old_rows new table as new_rows for each statement execute function record_changed_homes();
create trigger users_record_delete after delete on users
  referencing old table as old_rows for each statement execute function record_changed_homes();

create trigger user_venue_interactions_record_insert after insert on user_venue_interactions
  referencing new table as new_rows for each statement execute function record_changes_of_user_id();
create trigger user_venue_interactions_record_update after update on user_venue_interactions
  referencing old table as old_rows new table as new_rows for each statement execute function record_changes_of_user_id();
create trigger user_venue_interactions_record_delete after delete on user_venue_interactions
  referencing old table as old_rows for each statement execute function record_changes_of_user_id();
create trigger user_venue_interactions_record_truncate after truncate on user_venue_interactions
  for each statement execute function record_changes_of_user_id();

create trigger user_social_edges_record_insert after insert on user_social_edges
  referencing new table as new_rows for each statement execute function record_changes_of_user_id();
create trigger user_social_edges_record_update after update on user_social_edges
  referencing old table as old_rows new table as new_rows for each statement execute function record_changes_of_user_id();
create trigger user_social_edges_record_delete after delete on user_social_edges
  referencing old table as old_rows for each statement execute function record_changes_of_user_id();
create trigger user_social_edges_record_truncate after truncate on user_social_edges
  for each statement execute function record_changes_of_user_id();

drop trigger venues_bump_catalog on venues;
drop function bump_venue_catalog();
create trigger venues_record_insert after insert on venues
  referencing new table as new_rows for each statement execute function record_venue_changes();
create trigger venues_record_update after update on venues
  referencing old table as old_rows new table as new_rows for each statement execute function record_venue_changes();
create trigger venues_record_delete after delete on venues
  referencing old table as old_rows for each statement execute function record_venue_changes();
create trigger venues_record_truncate after truncate on venues
  for each statement execute function record_venue_changes();

-- A refresh run ranks only the users who differ from its base, a full run; for all others readers take the base's rows.
alter table run
  add column base_run_id bigint references run (id),
  add constraint run_base_check check ((kind = 'refresh') = (base_run_id is not null));
create index run_base_run_id_idx on run (base_run_id);
