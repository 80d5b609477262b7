-- An operator's request to stop a run, kept until somebody restarts it: whatever becomes of who asked, of who computes, and
-- of their connections meanwhile. Apart from run, whose row the owner may hold while he has to be reached.
create table run_stop (
  run_id        bigint       primary key references run (id) on delete cascade,
  requested_at  timestamptz  not null default clock_timestamp(),
  requested_by  text         not null
);
