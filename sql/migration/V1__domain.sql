-- The seven tables of the product's ER diagram.
--
-- Delete rules: what only describes a person or a place goes with it (interactions, edges, participations);
-- what was agreed with somebody else does not (plans and bookings), so deleting an organizer or a planned venue
-- is refused until the plan itself is gone. BETWEEN also refuses NaN, which PostgreSQL sorts above every number.

create table users (
  id          uuid             primary key default gen_random_uuid(),
  handle      text             not null,
  name        text             not null,
  age         integer,
  home_lat    double precision,
  home_lng    double precision,
  created_at  timestamptz      not null default now(),
  constraint users_handle_key     unique (handle),
  constraint users_handle_check   check (length(handle) between 1 and 64),
  constraint users_name_check     check (length(name) between 1 and 200),
  constraint users_age_check      check (age between 0 and 150),
  constraint users_home_lat_check check (home_lat between -90 and 90),
  constraint users_home_lng_check check (home_lng between -180 and 180),
  constraint users_home_check     check ((home_lat is null) = (home_lng is null))
);

create table venues (
  id           uuid             primary key default gen_random_uuid(),
  name         text             not null,
  description  text,
  category     text,
  lat          double precision not null,
  lng          double precision not null,
  price_level  smallint,
  rating       double precision,
  created_at   timestamptz      not null default now(),
  constraint venues_name_check        check (length(name) between 1 and 200),
  constraint venues_description_check check (length(description) between 1 and 4000),
  constraint venues_category_check    check (length(category) between 1 and 100),
  constraint venues_lat_check         check (lat between -90 and 90),
  constraint venues_lng_check         check (lng between -180 and 180),
  constraint venues_price_level_check check (price_level between 1 and 4),
  constraint venues_rating_check      check (rating between 0 and 5)
);
create index venues_category_idx on venues (category, id);
create index venues_lat_lng_idx on venues (lat, lng);

create table user_venue_interactions (
  id                uuid        primary key default gen_random_uuid(),
  user_id           uuid        not null references users (id) on delete cascade,
  venue_id          uuid        not null references venues (id) on delete cascade,
  interaction_type  text        not null,
  dwell_time        integer, -- seconds
  created_at        timestamptz not null default now(),
  constraint user_venue_interactions_interaction_type_check check (interaction_type in ('view', 'interest', 'like')),
  constraint user_venue_interactions_dwell_time_check       check (dwell_time >= 0)
);
create index user_venue_interactions_user_id_idx on user_venue_interactions (user_id, venue_id);
create index user_venue_interactions_venue_id_idx on user_venue_interactions (venue_id);

create table user_social_edges (
  id                 uuid             primary key default gen_random_uuid(),
  user_id            uuid             not null references users (id) on delete cascade,
  other_user_id      uuid             not null references users (id) on delete cascade,
  relationship_type  text             not null,
  strength           double precision not null,
  created_at         timestamptz      not null default now(),
  constraint user_social_edges_pair_key                unique (user_id, other_user_id),
  constraint user_social_edges_self_check              check (user_id <> other_user_id),
  constraint user_social_edges_relationship_type_check check (relationship_type in ('friend', 'mutual', 'suggested')),
  constraint user_social_edges_strength_check          check (strength between 0 and 1)
);
create index user_social_edges_other_user_id_idx on user_social_edges (other_user_id);

create table plans (
  id            uuid        primary key default gen_random_uuid(),
  organizer_id  uuid        not null references users (id) on delete restrict,
  venue_id      uuid        not null references venues (id) on delete restrict,
  start_time    timestamptz not null,
  status        text        not null default 'pending',
  created_at    timestamptz not null default now(),
  constraint plans_status_check check (status in ('pending', 'confirmed', 'cancelled'))
);
create index plans_organizer_id_idx on plans (organizer_id, id);
create index plans_venue_id_idx on plans (venue_id);

create table plan_participants (
  id          uuid        primary key default gen_random_uuid(),
  plan_id     uuid        not null references plans (id) on delete cascade,
  user_id     uuid        not null references users (id) on delete cascade,
  status      text        not null default 'invited',
  created_at  timestamptz not null default now(),
  constraint plan_participants_plan_user_key unique (plan_id, user_id),
  constraint plan_participants_status_check  check (status in ('invited', 'accepted', 'declined'))
);
create index plan_participants_user_id_idx on plan_participants (user_id, plan_id);

create table bookings (
  id            uuid        primary key default gen_random_uuid(),
  plan_id       uuid        not null references plans (id) on delete restrict,
  provider      text        not null,
  external_ref  text,
  status        text        not null default 'requested',
  created_at    timestamptz not null default now(),
  constraint bookings_status_check check (status in ('requested', 'confirmed', 'declined', 'failed', 'cancelled'))
);
create unique index bookings_one_live_per_plan_idx on bookings (plan_id) where status in ('requested', 'confirmed');
create index bookings_plan_id_idx on bookings (plan_id);
