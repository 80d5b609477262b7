-- Spring Batch's own schema has none. A database that publishes all of its tables, for logical replication, lets no row be
-- deleted that it cannot name. Parameters have names of their own within an execution.
alter table batch_job_execution_params add primary key (job_execution_id, parameter_name);

-- The key begins with the same column.
drop index batch_job_execution_params_execution_idx;
