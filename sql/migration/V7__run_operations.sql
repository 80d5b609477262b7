-- What operators are told about runs: why one failed, who forced one past the gate, and for which tick one was started.

alter table run
  add column scheduled_for  timestamptz, -- the tick of the schedule that asked for it; null when somebody did
  add column forced_at      timestamptz, -- when it was published although the gate held it back
  add column forced_by      text,
  -- {where, partition, first_user_id, last_user_id, causes, hint}; causes outermost first
  alter column failure type jsonb using case when failure is not null
    then jsonb_build_object('where', phase, 'causes', jsonb_build_array(failure), 'hint', '') end,
  add constraint run_forced_check check ((forced_at is null) = (forced_by is null));

-- One run per tick, however many processes keep the schedule.
create unique index run_scheduled_for_idx on run (kind, scheduled_for);
