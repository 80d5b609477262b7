-- Whether readers were moved since a run began is told by counting publications: a clock may be put back.
alter table published_run add column publications bigint not null default 1; -- ever, with the present one
alter table run add column publications_before bigint not null default 0; -- how many there were when it began

update run set publications_before = 1 where created_at >= (select published_at from published_run);
