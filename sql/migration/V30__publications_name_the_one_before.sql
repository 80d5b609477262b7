-- Which run readers saw before another is recorded when they are switched: ids do not tell, as a run may be published long after
-- it began, or again, and times do not where a clock was put back.
alter table run add column replaced_run_id bigint references run (id); -- at its last publication; null if none, or not known
