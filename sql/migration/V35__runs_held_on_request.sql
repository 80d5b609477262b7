-- Trial runs: computed and judged like any other, then held until somebody publishes them.
alter table run add column hold boolean not null default false; -- asked for by who started it
