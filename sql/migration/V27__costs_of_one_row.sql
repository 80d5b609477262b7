-- What asks about one row, or waits for one, costs and waits as for one.

-- As in V22: a function that is replaced loses its search path otherwise.
do $$
begin
  perform set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true);
end
$$;

-- In portions, a transaction each: whose change is being forgotten waits for the end of that transaction with his next one,
-- and an import may have changed everybody. Forgets among the first users from the given one on in order of id; returns with
-- whom to go on, or null. Rows that somebody is changing just now are passed over: waiting for them could block both.
drop function forget_user_changes(pg_snapshot[]);
create function forget_user_changes(kept pg_snapshot[], first_user uuid, portion integer) returns uuid
language plpgsql set search_path from current as $$
declare
  last_user uuid;
begin
  select user_id into last_user
  from (select user_id from user_change where user_id >= first_user order by user_id limit portion) looked_at
  order by user_id desc limit 1;
  delete from user_change where ctid = any (array(
    select ctid from user_change
    where user_id between first_user and last_user
      and (select bool_and(pg_visible_in_snapshot(xid, snapshot)) from unnest(kept) snapshot)
    for update skip locked));
  return (select user_id from user_change where user_id > last_user order by user_id limit 1);
end
$$;

-- The planner does not know that published_run has one row. Without the limit it read the whole venue dictionaries of all
-- kept runs for the list of one user.
create or replace view published_venue_row as
select p.run_id, r.run_id as stored_by, r.user_id, r.ranking
from (select * from published_run limit 1) p
join venue_ranking r on r.run_id = p.run_id
union all
select p.run_id, r.run_id, r.user_id, r.ranking
from (select * from published_run limit 1) p
join run n on n.id = p.run_id
join venue_ranking r on r.run_id = n.base_run_id
where not exists (select from venue_ranking own where own.run_id = p.run_id and own.user_id = r.user_id);

create or replace view published_companion_row as
select p.run_id, r.run_id as stored_by, r.user_id, r.ranking
from (select * from published_run limit 1) p
join companion_ranking r on r.run_id = p.run_id
union all
select p.run_id, r.run_id, r.user_id, r.ranking
from (select * from published_run limit 1) p
join run n on n.id = p.run_id
join companion_ranking r on r.run_id = n.base_run_id
where not exists (select from companion_ranking own where own.run_id = p.run_id and own.user_id = r.user_id);

-- As before, but with ranks that the planner takes for ten, not for a thousand, which it thought worth reading all venues.
create or replace view published_venue_ranking as
select r.run_id,
       r.user_id,
       e.rank,
       v.venue_id,
       packed_float4(r.ranking, e.rank * 16 - 12) as score,
       d.distance_km,
       case when d.distance_km is null or x.exponent > 700 then 0 else exp(-x.exponent) end as spatial_score,
       packed_float4(r.ranking, e.rank * 16 - 4) as preference_score,
       case when n.max_likes = 0 then 0 else v.likes::float8 / n.max_likes end as popularity_score
from published_venue_row r
join run n on n.id = r.run_id
cross join lateral unnest(array(select generate_series(1, length(r.ranking) / 16))) as e(rank)
cross join lateral (select packed_float4(r.ranking, e.rank * 16 - 8) as distance_km) d
cross join lateral (select (n.profile ->> 'decay_per_km')::float8 * d.distance_km as exponent) x
join run_venue v on v.run_id = r.stored_by and v.venue_no = packed_int4(r.ranking, e.rank * 16 - 16);
