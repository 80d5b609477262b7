-- Plans that book once: what a booking asks for, who works on it, and how it came to its state.

-- The organizer takes part in his own plan.
insert into plan_participants (plan_id, user_id, status, created_at)
select id, organizer_id, 'accepted', created_at from plans
on conflict (plan_id, user_id) do update set status = 'accepted';

-- A booking whose cancellation the provider has not acknowledged is live: until then the provider may hold it.
alter table bookings drop constraint bookings_status_check;
alter table bookings add constraint bookings_status_check check (
  status in ('requested', 'confirmed', 'cancel_requested', 'declined', 'failed', 'cancelled'));
drop index bookings_one_live_per_plan_idx;
create unique index bookings_one_live_per_plan_idx on bookings (plan_id)
  where status in ('requested', 'confirmed', 'cancel_requested');

alter table bookings
  add column party_size       integer      not null default 1, -- asked for once; a repeated call must ask for the same
  add column attempts         integer      not null default 0, -- calls of the provider since the last change of status
  add column next_attempt_at  timestamptz  not null default now(), -- the sweep lets it rest until then
  add column claimed_until    timestamptz; -- a process is calling the provider; free once this has passed
alter table bookings add constraint bookings_party_size_check check (party_size >= 1);
alter table bookings add constraint bookings_attempts_check check (attempts >= 0);
-- What the sweep looks for.
create index bookings_unsettled_idx on bookings (next_attempt_at) where status in ('requested', 'cancel_requested');

create table booking_change (
  id          bigint       generated always as identity primary key,
  booking_id  uuid         not null references bookings (id) on delete cascade,
  status      text         not null,
  reason      text         not null,
  changed_at  timestamptz  not null default clock_timestamp(),
  constraint booking_change_reason_check check (length(reason) between 1 and 1000)
);
create index booking_change_booking_id_idx on booking_change (booking_id, id);
insert into booking_change (booking_id, status, reason, changed_at)
select id, status, 'known before changes were recorded', created_at from bookings order by created_at, id;

-- Answers to requests that carried an Idempotency-Key, kept for a day. A key belongs to the call it was sent to.
create table idempotency_key (
  route          text         not null, -- method and path
  key            text         not null,
  request_hash   bytea        not null, -- SHA-256 of the request
  created_at     timestamptz  not null default now(),
  claimed_until  timestamptz, -- the request is being worked on; another may take it up once this has passed
  status         smallint,    -- of the answer; null while there is none
  location       text,
  body           text,
  primary key (route, key),
  constraint idempotency_key_key_check    check (length(key) between 1 and 255),
  constraint idempotency_key_answer_check check ((status is null) = (body is null))
);
create index idempotency_key_created_at_idx on idempotency_key (created_at);
