-- As V33 did for venues: every companion finds its venue by key. Up to some 50,000 venues the list of one user had all of them
-- sorted (20 ms). And the planner takes it for a hundred companions, not a thousand, for whose names it read all users.
alter function unpack_companions(bytea) rows 100;

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
left join lateral (
  select venue_id from run_venue
  where run_id = r.stored_by and venue_no = c.venue_no
  limit 1) v on true;
