-- A run's partitions are written once, then read, then dropped, so there is nothing to vacuum in them, and their keys tell
-- the planner their sizes. Autovacuum read and rewrote each of them all the same, during the next run, and whoever gave a
-- partition its key or dropped it first waited for that for deadlock_timeout (1 s). Vacuums against wraparound still come.

create or replace function create_run_storage(new_run_id bigint) returns void language plpgsql as $$
declare
  parent text;
begin
  foreach parent in array array['run_venue', 'run_input', 'venue_ranking', 'companion_ranking'] loop
    execute format('create table %I (like %I including defaults, constraint run_id_check check (run_id = %s))'
      ' with (autovacuum_enabled = false)', parent || '_' || new_run_id, parent, new_run_id);
  end loop;
  -- Packed rows are dense: compressing them costs time and saves little.
  execute format('alter table %I alter column venues set storage external, alter column friends set storage external',
    'run_input_' || new_run_id);
  execute format('alter table %I alter column ranking set storage external', 'venue_ranking_' || new_run_id);
  execute format('alter table %I alter column ranking set storage external', 'companion_ranking_' || new_run_id);
end
$$;
