package dev.luna.batch.snapshot;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Stores partition plans, and gives staged inputs the keys by which partitions are read. Thread-safe. */
@Component
class PartitionPlanStore {

    private final JdbcClient jdbc;

    PartitionPlanStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Completes the staged inputs of a run with keys and plan, in the caller's transaction. */
    void complete(long runId, PartitionPlan plan) {
        jdbc.sql("select index_run_inputs(:id)")
                .param("id", runId)
                .query((row, n) -> 1)
                .single();
        for (int i = 0; i < plan.ranges().size(); i++) {
            jdbc.sql("""
                            insert into run_partition (run_id, partition_no, first_position, end_position)
                            values (:runId, :partition, :first, :end)
                            """)
                    .param("runId", runId)
                    .param("partition", i)
                    .param("first", plan.ranges().get(i).first())
                    .param("end", plan.ranges().get(i).end())
                    .update();
        }
    }
}
