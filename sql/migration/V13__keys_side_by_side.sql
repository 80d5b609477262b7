-- Keys of a run's rankings, built side by side; an index that refreshes ask for; no statistics of unique columns, which
-- plans take from their keys.

create or replace function index_run_inputs(staged_run_id bigint) returns void language plpgsql as $$
begin
  execute format('alter table %I add primary key (position)', 'run_input_' || staged_run_id);
  execute format('alter table %I add primary key (venue_no)', 'run_venue_' || staged_run_id);
  execute format('analyze %I', 'run_venue_' || staged_run_id);
end
$$;

-- Gives venue_ranking or companion_ranking of a complete run its key. One that has it stays as it is.
create function key_run_rankings(complete_run_id bigint, parent text) returns void language plpgsql as $$
begin
  if not exists (select from pg_index where indrelid = to_regclass(parent || '_' || complete_run_id) and indisprimary) then
    execute format('alter table %I add primary key (user_id)', parent || '_' || complete_run_id);
  end if;
end
$$;

-- Attaches all partitions of a complete run, with the keys that are still missing. Nothing changes for readers: they follow
-- published_run. A run that is sealed already stays as it is.
create or replace function seal_run_storage(complete_run_id bigint) returns void language plpgsql as $$
declare
  parent text;
begin
  if exists (select from pg_inherits where inhrelid = to_regclass('venue_ranking_' || complete_run_id)) then
    return;
  end if;
  perform key_run_rankings(complete_run_id, 'venue_ranking');
  perform key_run_rankings(complete_run_id, 'companion_ranking');
  foreach parent in array array['run_venue', 'run_input', 'venue_ranking', 'companion_ranking'] loop
    execute format('alter table %I attach partition %I for values in (%s)',
      parent, parent || '_' || complete_run_id, complete_run_id);
  end loop;
end
$$;

-- Lets a run's staged inputs be found by user. Refreshes ask for it of their base, so a run that has none never pays.
create function index_base_inputs(base_run_id bigint) returns void language plpgsql as $$
begin
  execute format('create unique index if not exists %I on %I (user_id)',
    'run_input_' || base_run_id || '_user_id_idx', 'run_input_' || base_run_id);
end
$$;
