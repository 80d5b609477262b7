-- A lease that is to run for longer than it was given for was written while the clock was ahead.
alter table run_lease add column duration interval not null default '1 hour'; -- the longest there may be, until it is taken next
