-- What every read compares, in one row: which run is published and which version the venues have. A switch of runs therefore
-- waits for open transactions that changed venues, as any other change of a venue does.
alter table venue_catalog add column published_run_id bigint; -- as published_run.run_id says
update venue_catalog set published_run_id = (select run_id from published_run);

create function record_publication() returns trigger language plpgsql as $$
begin
  update venue_catalog set published_run_id = (select run_id from published_run);
  return null;
end
$$;
create trigger published_run_record after insert or update or delete or truncate on published_run
  for each statement execute function record_publication();

-- A ranking answers without a look at its user only because a user who is gone has changed.
create trigger users_record_truncate before truncate on users
  for each statement execute function record_changes_of_user_id();
