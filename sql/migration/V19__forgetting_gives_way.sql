-- What may be forgotten is what every kept full run has seen: a run resumed late can have an older snapshot than runs with
-- lower ids, so all of their snapshots count. And forgetting gives way to writers: two functions for two transactions, so
-- that users whose changes are gone do not wait for the venues, and the catalog is locked first, as the triggers do it.
drop function forget_input_changes(pg_snapshot);

-- Rows that somebody is changing just now are passed over: waiting for them could block both. Without runs nothing goes.
create function forget_user_changes(kept pg_snapshot[]) returns void language sql as $$
  delete from user_change where user_id in (
    select user_id from user_change
    where (select bool_and(pg_visible_in_snapshot(xid, snapshot)) from unnest(kept) snapshot)
    for update skip locked);
$$;

-- Not now, if somebody's open transaction changed venues.
create function forget_venue_changes(kept pg_snapshot[]) returns void language plpgsql as $$
begin
  perform from venue_catalog for update skip locked;
  if not found then
    return;
  end if;
  with forgotten as (
    delete from venue_change
    where (select bool_and(pg_visible_in_snapshot(xid, snapshot)) from unnest(kept) snapshot)
    returning version
  )
  update venue_catalog set reset_version = greatest(reset_version, (select max(version) from forgotten))
  where exists (select from forgotten);
end
$$;
