-- Benchmark data, the same for the same sizes. Run by `scripts/luna bench data` on empty tables, in one transaction, by a
-- superuser (session_replication_role); `vacuum analyze` comes after it.
--
-- Settings, all bigint: bench.users, bench.venues, bench.interactions, bench.edges. Each city must have more people than
-- each of them has friends (edges / users), or the key of the edges fails at the end.
-- One city per 500 venues, so density does not depend on the size. Cities differ in population (Zipf, exponent 0.6) and
-- hold contiguous user ordinals, which makes friends of one city easy to draw; rows are written in another order (an
-- ordinal times a prime), as in a table that grew over time. Venues of one city differ in popularity (a power of a
-- uniform draw), nine of ten interactions stay in the user's city.

-- A uniform draw in [0, 1) from a key and a purpose: 53 bits of PostgreSQL's own 64-bit hash.
create function pg_temp.draw(key bigint, purpose bigint) returns double precision
language sql immutable parallel safe as $$
  select ((hashint8extended(key, purpose) >> 11) & 9007199254740991)::double precision / 9007199254740992.0
$$;

-- A standard normal draw (Box and Muller 1958), cut at 4 sigma by the smallest uniform draw it takes.
create function pg_temp.normal(key bigint, purpose bigint) returns double precision
language sql immutable parallel safe as $$
  select sqrt(-2 * ln(greatest(pg_temp.draw(key, purpose), 0.000335))) * cos(2 * pi() * pg_temp.draw(key, purpose + 1))
$$;

create temp table city as
with share as (
  select c, power(c + 1, -0.6) as weight
  from generate_series(0, greatest(current_setting('bench.venues')::bigint / 500, 1) - 1) c
), cumulated as (
  select c, sum(weight) over (order by c) / sum(weight) over () as up_to from share
)
select c,
       -40 + 100 * pg_temp.draw(c, 1) as lat,
       -170 + 340 * pg_temp.draw(c, 2) as lng,
       coalesce(lag(last_user) over (order by c), 0) as first_user,
       last_user - coalesce(lag(last_user) over (order by c), 0) as users
from (select c, round(up_to * current_setting('bench.users')::bigint)::bigint as last_user from cumulated) t;
analyze city;

-- Sizes are far below 15,485,863 x 2^32, so the products stay within bigint; a prime visits every ordinal once.
create function pg_temp.shuffled(n bigint, size bigint) returns bigint
language sql immutable parallel safe as $$
  select n * 15485863 % size
$$;

insert into venues (id, name, description, category, lat, lng, price_level, rating, created_at)
select md5('venue ' || v)::uuid, 'Venue ' || v, null, 'category-' || floor(300 * power(pg_temp.draw(v, 3), 2))::int,
       c.lat + 4.0 / 111.2 * pg_temp.normal(v, 4),
       c.lng + 4.0 / 111.2 / cos(radians(c.lat)) * pg_temp.normal(v, 6),
       1 + floor(4 * pg_temp.draw(v, 8))::int, round((5 * sqrt(pg_temp.draw(v, 9)))::numeric, 1), '2026-01-01Z'
from generate_series(0, current_setting('bench.venues')::bigint - 1) v
join city c on c.c = v % (select count(*) from city);

create temp table person as
select i, c.c as city, c.first_user, c.users,
       c.lat + 6.0 / 111.2 * pg_temp.normal(i, 10) as lat,
       c.lng + 6.0 / 111.2 / cos(radians(c.lat)) * pg_temp.normal(i, 12) as lng
from city c cross join lateral generate_series(c.first_user, c.first_user + c.users - 1) i;
create unique index on person (i);
analyze person;

insert into users (id, handle, name, age, home_lat, home_lng, created_at)
select md5('user ' || p.i)::uuid, 'user' || p.i, 'User ' || p.i, 18 + floor(60 * pg_temp.draw(p.i, 14))::int,
       p.lat, p.lng, '2026-01-01Z'
from generate_series(0, current_setting('bench.users')::bigint - 1) n
join person p on p.i = pg_temp.shuffled(n, current_setting('bench.users')::bigint);

-- The references hold by construction; checking 60 million of them one by one would take longer than all the rest.
set local session_replication_role = replica;
alter table user_venue_interactions drop constraint user_venue_interactions_pkey;
drop index user_venue_interactions_user_id_idx, user_venue_interactions_venue_id_idx;

insert into user_venue_interactions (id, user_id, venue_id, interaction_type, dwell_time, created_at)
select md5('interaction ' || e)::uuid,
       md5('user ' || p.i)::uuid,
       md5('venue ' || case when at_home and near < venues then near else floor(venues * draw * draw)::bigint end)::uuid,
       case when kind < 0.6 then 'view' when kind < 0.8 then 'interest' else 'like' end,
       case when kind < 0.6 then 10 + floor(290 * pg_temp.draw(e, 23))::int end,
       '2026-01-01Z'::timestamptz + e * interval '1 second'
from (select current_setting('bench.venues')::bigint as venues, (select count(*) from city) as cities,
             current_setting('bench.users')::bigint as people) size
cross join generate_series(0, current_setting('bench.interactions')::bigint - 1) e
join person p on p.i = pg_temp.shuffled(e, people)
cross join lateral (select pg_temp.draw(e, 20) < 0.9 as at_home, pg_temp.draw(e, 21) as draw, pg_temp.draw(e, 22) as kind
                    offset 0) d -- offset 0: drawn once, not wherever they are used
cross join lateral (select p.city + cities * floor(500 * power(draw, 3.4))::bigint as near) n;

alter table user_venue_interactions add constraint user_venue_interactions_pkey primary key (id);
create index user_venue_interactions_user_id_idx
  on user_venue_interactions (user_id, venue_id) include (interaction_type, dwell_time);
create index user_venue_interactions_venue_id_idx on user_venue_interactions (venue_id);

-- The j-th friend of a user lies in the j-th part of the ring of his city's people, so friends are distinct.
alter table user_social_edges drop constraint user_social_edges_pkey, drop constraint user_social_edges_pair_key;
drop index user_social_edges_other_user_id_idx;

insert into user_social_edges (id, user_id, other_user_id, relationship_type, strength, created_at)
select md5('edge ' || e)::uuid,
       md5('user ' || p.i)::uuid,
       md5('user ' || p.first_user
         + (p.i - p.first_user + 1 + e / people * part + floor(pg_temp.draw(e, 30) * part)::bigint) % p.users)::uuid,
       'friend', floor(30 + 66 * pg_temp.draw(e, 31)) / 100, '2026-01-01Z'
from (select current_setting('bench.users')::bigint as people,
             ceil(current_setting('bench.edges')::numeric / current_setting('bench.users')::numeric)::bigint as each) size
cross join generate_series(0, current_setting('bench.edges')::bigint - 1) e
join person p on p.i = pg_temp.shuffled(e, people)
cross join lateral (select (p.users - 1) / each as part) ring;

alter table user_social_edges add constraint user_social_edges_pkey primary key (id);
alter table user_social_edges add constraint user_social_edges_pair_key unique (user_id, other_user_id) include (strength);
create index user_social_edges_other_user_id_idx on user_social_edges (other_user_id, user_id);
set local session_replication_role = origin;
