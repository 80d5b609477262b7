-- Statistics of packed columns serve no plan, and collecting them took longer than building the keys.

create or replace function index_run_inputs(staged_run_id bigint) returns void language plpgsql as $$
begin
  execute format('alter table %I add primary key (position)', 'run_input_' || staged_run_id);
  execute format('alter table %I add primary key (venue_no)', 'run_venue_' || staged_run_id);
  execute format('analyze %I (position, user_id, home_lat, home_lng), %I',
    'run_input_' || staged_run_id, 'run_venue_' || staged_run_id);
end
$$;

create or replace function seal_run_storage(complete_run_id bigint) returns void language plpgsql as $$
declare
  parent text;
begin
  if exists (select from pg_inherits where inhrelid = to_regclass('venue_ranking_' || complete_run_id)) then
    return;
  end if;
  execute format('alter table %I add primary key (user_id)', 'venue_ranking_' || complete_run_id);
  execute format('alter table %I add primary key (user_id)', 'companion_ranking_' || complete_run_id);
  execute format('analyze %I (user_id), %I (user_id, friend_count)',
    'venue_ranking_' || complete_run_id, 'companion_ranking_' || complete_run_id);
  foreach parent in array array['run_venue', 'run_input', 'venue_ranking', 'companion_ranking'] loop
    execute format('alter table %I attach partition %I for values in (%s)',
      parent, parent || '_' || complete_run_id, complete_run_id);
  end loop;
end
$$;
