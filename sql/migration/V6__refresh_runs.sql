-- Refresh runs: what their storage means, and how the whole generation is read.
--
-- A refresh run ranks anew only the users whose rankings may differ from its base, a full run. For each of them it has a row
-- in venue_ranking and one in companion_ranking, which stand for the base's rows: an empty venue ranking says that the
-- user is gone, an empty companion ranking that he has no friends. All other users keep the base's rows, to be read with
-- the base's venue dictionary. So each table by itself follows one rule: the refresh run's row, else the base's.
--
-- Its staged inputs hold the users it ranks, at the positions of its partitions, and behind them the friends of these,
-- with their venues only. Its venue dictionary is complete, with the base's likes.

-- Xor of the checksums of all users whose rows stay the base's; the checksum of a run covers its whole generation.
alter table run add column carried_checksum bigint not null default 0;

-- Says of each user of a refresh run who has no friends that he has none. Call it before sealing; repeating it changes nothing.
create function complete_refresh_rankings(refresh_run_id bigint) returns void language plpgsql as $$
begin
  execute format($sql$
    insert into %1$I (run_id, user_id, friend_count, ranking)
    select v.run_id, v.user_id, 0, '\x000000000000' from %2$I v
    where not exists (select from %1$I c where c.user_id = v.user_id)
    $sql$, 'companion_ranking_' || refresh_run_id, 'venue_ranking_' || refresh_run_id);
end
$$;

-- As before; the base of the published run is published with it.
create or replace function drop_run_storage(old_run_id bigint) returns void language plpgsql as $$
declare
  parent text;
begin
  if exists (select from published_run p join run r on r.id = p.run_id where old_run_id in (r.id, r.base_run_id)) then
    raise exception 'run % is published; publish another run before dropping it', old_run_id;
  end if;
  foreach parent in array array['run_venue', 'run_input', 'venue_ranking', 'companion_ranking'] loop
    execute format('drop table if exists %I', parent || '_' || old_run_id);
  end loop;
  update run set storage_dropped_at = now() where id = old_run_id and storage_dropped_at is null;
end
$$;

-- As before, but rows that somebody is changing just now are passed over: waiting for them could block both.
create or replace function forget_input_changes(oldest_kept pg_snapshot) returns void language sql as $$
  delete from user_change where user_id in (
    select user_id from user_change where pg_visible_in_snapshot(xid, oldest_kept) for update skip locked);
  with forgotten as (
    delete from venue_change where venue_id in (
      select venue_id from venue_change where pg_visible_in_snapshot(xid, oldest_kept) for update skip locked)
    returning version
  )
  update venue_catalog set reset_version = greatest(reset_version, (select max(version) from forgotten))
  where exists (select from forgotten);
$$;

-- The rows that make up the published generation: stored_by is the run whose dictionary they are read with.
create view published_venue_row as
select p.run_id, r.run_id as stored_by, r.user_id, r.ranking
from published_run p
join venue_ranking r on r.run_id = p.run_id
union all
select p.run_id, r.run_id, r.user_id, r.ranking
from published_run p
join run n on n.id = p.run_id
join venue_ranking r on r.run_id = n.base_run_id
where not exists (select from venue_ranking own where own.run_id = p.run_id and own.user_id = r.user_id);

create view published_companion_row as
select p.run_id, r.run_id as stored_by, r.user_id, r.ranking
from published_run p
join companion_ranking r on r.run_id = p.run_id
union all
select p.run_id, r.run_id, r.user_id, r.ranking
from published_run p
join run n on n.id = p.run_id
join companion_ranking r on r.run_id = n.base_run_id
where not exists (select from companion_ranking own where own.run_id = p.run_id and own.user_id = r.user_id);

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
cross join lateral generate_series(1, length(r.ranking) / 16) as e(rank)
cross join lateral (select packed_float4(r.ranking, e.rank * 16 - 8) as distance_km) d
cross join lateral (select (n.profile ->> 'decay_per_km')::float8 * d.distance_km as exponent) x
join run_venue v on v.run_id = r.stored_by and v.venue_no = packed_int4(r.ranking, e.rank * 16 - 16);

create or replace view published_companion_ranking as
select r.run_id,
       r.user_id,
       v.venue_id,
       c.rank,
       c.companion_id,
       (n.profile ->> 'base_weight')::float8 * c.base
         + (n.profile ->> 'direct_weight')::float8 * c.direct
         + (n.profile ->> 'category_weight')::float8 * c.category as score,
       c.base as base_strength,
       c.direct as direct_pref,
       c.category as category_pref
from published_companion_row r
join run n on n.id = r.run_id
cross join lateral unpack_companions(r.ranking) c
left join run_venue v on v.run_id = r.stored_by and v.venue_no = c.venue_no;
