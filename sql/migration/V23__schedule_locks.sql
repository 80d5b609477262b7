-- The rows that the scheduler locks. It makes them when it first needs them, which fails in a transaction for the one of two
-- processes that comes second.
insert into qrtz_locks (sched_name, lock_name)
values ('luna', 'TRIGGER_ACCESS'), ('luna', 'STATE_ACCESS')
on conflict do nothing;
