-- A run that ends its process, as when the kernel finds it too large, would end one server after another. So the take-overs of
-- its recovery are counted, as long as it gets no further from one to the next.
alter table run
  add column takeovers       integer not null default 0,
  add column takeover_phase  text,   -- where it stood at the latest
  add column takeover_users  bigint; -- users done then
