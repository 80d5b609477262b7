-- Runs, their staged inputs and their rankings.
--
-- Everything a run stores in bulk lives in partitions of its own (LIST by run_id). They are made unattached, filled by
-- COPY, given their keys and attached when the run is sealed; readers reach them only through published_run.

create table run (
  id                    bigint      generated always as identity primary key,
  kind                  text        not null,
  state                 text        not null default 'running',
  phase                 text        not null default 'snapshot',
  requested_by          text        not null,
  profile               jsonb       not null, -- scoring profile: weights, decay, caps, positive types
  settings              jsonb       not null, -- list lengths, chunk and partition sizes
  created_at            timestamptz not null default now(),
  phase_started_at      timestamptz not null default now(),
  finished_at           timestamptz,
  snapshot_at           timestamptz, -- the moment of the input snapshot, database clock
  snapshot              pg_snapshot, -- which transactions it saw: pg_visible_in_snapshot(xid, snapshot)
  users_total           bigint,
  venues_total          bigint,
  interactions_total    bigint,
  edges_total           bigint,
  max_likes             bigint,      -- the largest likes(v) of all venues, denominator of popularity
  job_execution_id      bigint,      -- latest Spring Batch execution behind the run
  checksum              bigint,
  timings               jsonb       not null default '{}', -- phase -> seconds
  gate                  jsonb,       -- checks of the gate with their values and bands
  failure               text,
  published_at          timestamptz, -- last time it became the published run
  published_by          text,
  storage_dropped_at    timestamptz,
  constraint run_kind_check     check (kind in ('full', 'refresh')),
  constraint run_state_check    check (state in ('running', 'stopped', 'failed', 'held', 'completed')),
  constraint run_phase_check    check (phase in ('snapshot', 'scoring', 'verification', 'publication', 'done')),
  constraint run_snapshot_check check ((snapshot is null) = (snapshot_at is null))
);
create index run_state_idx on run (state);

-- The one run that readers see. One row; switching it is the publication.
create table published_run (
  singleton     boolean     primary key default true,
  run_id        bigint      not null references run (id),
  published_at  timestamptz not null default now(),
  published_by  text        not null,
  constraint published_run_singleton_check check (singleton)
);

-- One run at a time, across all processes. token grows with every change of owner; writers prove theirs per chunk.
create table run_lease (
  singleton    boolean     primary key default true,
  token        bigint      not null default 0,
  run_id       bigint      references run (id),
  owner        text,
  acquired_at  timestamptz,
  expires_at   timestamptz,
  constraint run_lease_singleton_check check (singleton),
  constraint run_lease_held_check
    check (num_nulls(run_id, owner, acquired_at, expires_at) in (0, 4))
);
insert into run_lease default values;

-- The partition plan: contiguous ranges of staged positions, made once, with the progress of each.
create table run_partition (
  run_id          bigint  not null references run (id) on delete cascade,
  partition_no    integer not null,
  first_position  integer not null, -- inclusive
  end_position    integer not null, -- exclusive
  users_done      integer not null default 0,
  checksum        bigint  not null default 0, -- xor of the users' checksums
  primary key (run_id, partition_no),
  constraint run_partition_range_check check (first_position >= 0 and first_position < end_position),
  constraint run_partition_done_check  check (users_done between 0 and end_position - first_position)
);

-- The run's venue dictionary: venue_no counts venues in id order from 0, so equal scores rank by venue_no.
create table run_venue (
  run_id    bigint           not null,
  venue_no  integer          not null,
  venue_id  uuid             not null,
  category  text,
  lat       double precision not null,
  lng       double precision not null,
  likes     integer          not null -- interactions of a positive type
) partition by list (run_id);

-- The run's staged inputs, one packed row per user. user_no counts users in id order from 0; position is the place in
-- scoring order (neighbours in space are neighbours in position). All numbers big-endian.
--   venues:  n x (venue_no int4, likes int4, seconds int4), by venue_no
--   friends: n x (user_no int4, strength float8), by user_no
create table run_input (
  run_id    bigint           not null,
  position  integer          not null,
  user_no   integer          not null,
  user_id   uuid             not null,
  home_lat  double precision,
  home_lng  double precision,
  venues    bytea            not null,
  friends   bytea            not null
) partition by list (run_id);

-- Ranked venues, one row per user, best first. All numbers big-endian.
--   ranking: n x (venue_no int4, score float4, distance_km float4 (NaN: no home), preference float4)
create table venue_ranking (
  run_id   bigint not null,
  user_id  uuid   not null,
  ranking  bytea  not null
) partition by list (run_id);

-- Ranked companions, one row per user with friends. All numbers big-endian.
--   ranking: friends int2, general int2, venues int2
--            friends x (user_id 16 bytes, base float4)          the first `general` of them are the ranking without a venue
--            venues  x (venue_no int4, n int2, n x entry)       one ranking per venue
--   entry:   int2 (bit 15: direct follows, bit 14: category follows, bits 13..0: index into friends),
--            [direct float4], [category float4]                  absent means 0
create table companion_ranking (
  run_id        bigint  not null,
  user_id       uuid    not null,
  friend_count  integer not null, -- all edges of the user, ranked or not
  ranking       bytea   not null
) partition by list (run_id);

-- Makes the empty, unattached partitions of a run.
create function create_run_storage(new_run_id bigint) returns void language plpgsql as $$
declare
  parent text;
begin
  foreach parent in array array['run_venue', 'run_input', 'venue_ranking', 'companion_ranking'] loop
    execute format('create table %I (like %I including defaults, constraint run_id_check check (run_id = %s))',
      parent || '_' || new_run_id, parent, new_run_id);
  end loop;
  -- Packed rows are dense: compressing them costs time and saves little.
  execute format('alter table %I alter column venues set storage external, alter column friends set storage external',
    'run_input_' || new_run_id);
  execute format('alter table %I alter column ranking set storage external', 'venue_ranking_' || new_run_id);
  execute format('alter table %I alter column ranking set storage external', 'companion_ranking_' || new_run_id);
end
$$;

-- Gives a run's staged inputs the key by which partitions are read. Call it once they are complete.
create function index_run_inputs(staged_run_id bigint) returns void language plpgsql as $$
begin
  execute format('alter table %I add primary key (position)', 'run_input_' || staged_run_id);
  execute format('alter table %I add primary key (venue_no)', 'run_venue_' || staged_run_id);
  execute format('analyze %I, %I', 'run_input_' || staged_run_id, 'run_venue_' || staged_run_id);
end
$$;

-- Gives a run's rankings their keys and attaches all of its partitions. Nothing changes for readers: they follow published_run.
-- A run that is sealed already stays as it is.
create function seal_run_storage(complete_run_id bigint) returns void language plpgsql as $$
declare
  parent text;
begin
  if exists (select from pg_inherits where inhrelid = to_regclass('venue_ranking_' || complete_run_id)) then
    return;
  end if;
  execute format('alter table %I add primary key (user_id)', 'venue_ranking_' || complete_run_id);
  execute format('alter table %I add primary key (user_id)', 'companion_ranking_' || complete_run_id);
  execute format('analyze %I, %I', 'venue_ranking_' || complete_run_id, 'companion_ranking_' || complete_run_id);
  foreach parent in array array['run_venue', 'run_input', 'venue_ranking', 'companion_ranking'] loop
    execute format('alter table %I attach partition %I for values in (%s)',
      parent, parent || '_' || complete_run_id, complete_run_id);
  end loop;
end
$$;

-- Drops all bulk storage of a run, sealed or not. The row in run stays as history.
create function drop_run_storage(old_run_id bigint) returns void language plpgsql as $$
declare
  parent text;
begin
  if exists (select from published_run where run_id = old_run_id) then
    raise exception 'run % is published; publish another run before dropping it', old_run_id;
  end if;
  foreach parent in array array['run_venue', 'run_input', 'venue_ranking', 'companion_ranking'] loop
    execute format('drop table if exists %I', parent || '_' || old_run_id);
  end loop;
  update run set storage_dropped_at = now() where id = old_run_id and storage_dropped_at is null;
end
$$;

-- Bytes that a run's bulk storage takes, indexes and TOAST included.
create function run_storage_bytes(stored_run_id bigint) returns bigint language sql stable as $$
  select coalesce(sum(pg_total_relation_size(to_regclass(parent || '_' || stored_run_id))), 0)::bigint
  from unnest(array['run_venue', 'run_input', 'venue_ranking', 'companion_ranking']) parent
$$;

-- Readers that keep venues in memory compare this number, which grows in the transaction that changes any venue.
create table venue_catalog (
  singleton  boolean primary key default true,
  version    bigint  not null default 0,
  constraint venue_catalog_singleton_check check (singleton)
);
insert into venue_catalog default values;

create function bump_venue_catalog() returns trigger language plpgsql as $$
begin
  update venue_catalog set version = version + 1;
  return null;
end
$$;
create trigger venues_bump_catalog after insert or update or delete or truncate on venues
  for each statement execute function bump_venue_catalog();

-- Decoding for people who read with SQL.

create function packed_int2(packed bytea, byte_offset integer) returns integer language sql immutable strict parallel safe as $$
  select (get_byte(packed, byte_offset) << 8) | get_byte(packed, byte_offset + 1)
$$;

create function packed_int4(packed bytea, byte_offset integer) returns integer language sql immutable strict parallel safe as $$
  -- << and | bind equally strongly in PostgreSQL.
  select (get_byte(packed, byte_offset) << 24) | (get_byte(packed, byte_offset + 1) << 16)
    | (get_byte(packed, byte_offset + 2) << 8) | get_byte(packed, byte_offset + 3)
$$;

-- IEEE 754 binary32 from its bits; null for NaN. Scores are finite by the gate.
create function packed_float4(packed bytea, byte_offset integer) returns real language plpgsql immutable strict parallel safe as $$
declare
  bits     integer := packed_int4(packed, byte_offset);
  sign     integer := case when bits < 0 then -1 else 1 end;
  exponent integer := (bits >> 23) & 255;
  mantissa integer := bits & 8388607;
begin
  if exponent = 255 then
    return null;
  elsif exponent = 0 then
    return (sign * mantissa * power(2::float8, -149))::real;
  else
    return (sign * (mantissa + 8388608) * power(2::float8, exponent - 150))::real;
  end if;
end
$$;

-- One row per rank of the published run's venue rankings.
create view published_venue_ranking as
select p.run_id,
       r.user_id,
       e.rank,
       v.venue_id,
       packed_float4(r.ranking, e.rank * 16 - 12) as score,
       d.distance_km,
       case when d.distance_km is null or x.exponent > 700 then 0 else exp(-x.exponent) end as spatial_score,
       packed_float4(r.ranking, e.rank * 16 - 4) as preference_score,
       case when n.max_likes = 0 then 0 else v.likes::float8 / n.max_likes end as popularity_score
from published_run p
join run n on n.id = p.run_id
join venue_ranking r on r.run_id = p.run_id
cross join lateral generate_series(1, length(r.ranking) / 16) as e(rank)
cross join lateral (select packed_float4(r.ranking, e.rank * 16 - 8) as distance_km) d
cross join lateral (select (n.profile ->> 'decay_per_km')::float8 * d.distance_km as exponent) x
join run_venue v on v.run_id = p.run_id and v.venue_no = packed_int4(r.ranking, e.rank * 16 - 16);

create function unpack_companions(packed bytea)
returns table (venue_no integer, rank integer, companion_id uuid, base real, direct real, category real)
language plpgsql immutable strict parallel safe as $$
declare
  friends integer := packed_int2(packed, 0);
  general integer := packed_int2(packed, 2);
  venues  integer := packed_int2(packed, 4);
  at      integer := 6;
  entries integer;
  entry   integer;
  friend  integer;
begin
  venue_no := null; direct := 0; category := 0;
  for i in 1..general loop
    rank := i;
    companion_id := encode(substring(packed from 7 + (i - 1) * 20 for 16), 'hex')::uuid;
    base := packed_float4(packed, 6 + (i - 1) * 20 + 16);
    return next;
  end loop;
  at := 6 + friends * 20;
  for v in 1..venues loop
    venue_no := packed_int4(packed, at);
    entries := packed_int2(packed, at + 4);
    at := at + 6;
    for i in 1..entries loop
      rank := i;
      entry := packed_int2(packed, at);
      at := at + 2;
      friend := entry & 16383;
      companion_id := encode(substring(packed from 7 + friend * 20 for 16), 'hex')::uuid;
      base := packed_float4(packed, 6 + friend * 20 + 16);
      direct := 0; category := 0;
      if entry & 32768 <> 0 then direct := packed_float4(packed, at); at := at + 4; end if;
      if entry & 16384 <> 0 then category := packed_float4(packed, at); at := at + 4; end if;
      return next;
    end loop;
  end loop;
end
$$;

-- One row per rank of the published run's companion rankings; venue_id is null in the ranking without a venue.
create view published_companion_ranking as
select p.run_id,
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
from published_run p
join run n on n.id = p.run_id
join companion_ranking r on r.run_id = p.run_id
cross join lateral unpack_companions(r.ranking) c
left join run_venue v on v.run_id = p.run_id and v.venue_no = c.venue_no;
