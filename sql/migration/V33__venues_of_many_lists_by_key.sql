-- As before, but every rank finds its venue by key. The planner takes the lists for far fewer than they are, and where the
-- kept runs have less than some 20,000 venues together it joined every user with every venue before it looked at ranks:
-- minutes for 2,000 users and 600 venues. The limit keeps the look-up out of the planner's joins.
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
cross join lateral (
  select venue_id, likes from run_venue
  where run_id = r.stored_by and venue_no = packed_int4(r.ranking, e.rank * 16 - 16)
  limit 1) v;
