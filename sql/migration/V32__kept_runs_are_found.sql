-- The rows of runs whose rankings are gone stay as history, more with each run. What asks for the others, as each run and
-- `luna runs` do, finds them here and reads none of it.

-- Runs whose rankings are kept.
create index run_kept_idx on run (id) where storage_dropped_at is null;

-- Runs whose job Spring Batch has records of.
create index run_remembered_idx on run (id) where job_execution_id is not null;
