-- What refreshes read, and what they need not do.

-- A user's interactions and edges lie all over their tables, a page each. With what rankings ask of them in the index, they
-- are found side by side there: a refresh reads those of everybody who changed, a live answer those of one user.
drop index user_venue_interactions_user_id_idx;
create index user_venue_interactions_user_id_idx
  on user_venue_interactions (user_id, venue_id) include (interaction_type, dwell_time);
alter table user_social_edges
  drop constraint user_social_edges_pair_key,
  add constraint user_social_edges_pair_key unique (user_id, other_user_id) include (strength);

-- The same for edges to somebody: a refresh asks who knows those whose interactions changed.
drop index user_social_edges_other_user_id_idx;
create index user_social_edges_other_user_id_idx on user_social_edges (other_user_id, user_id);

-- As before, without statistics of the venue dictionary: it is read whole or by its key, and counted when that is built.
create or replace function index_run_inputs(staged_run_id bigint) returns void language plpgsql as $$
begin
  execute format('alter table %I add primary key (position)', 'run_input_' || staged_run_id);
  execute format('alter table %I add primary key (venue_no)', 'run_venue_' || staged_run_id);
end
$$;
