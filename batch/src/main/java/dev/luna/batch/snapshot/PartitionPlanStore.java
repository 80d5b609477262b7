package dev.luna.batch.snapshot;

import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Stores partition plans, and gives staged inputs the keys by which partitions are read. Thread-safe. */
@Component
class PartitionPlanStore {

    private final JdbcClient jdbc;

    PartitionPlanStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Completes the staged inputs of a run with keys and plan, in the caller's transaction.
     *
     * @param users number of positions
     * @param blockUsers positions of a block
     * @param minPartitions fewest partitions if there are enough blocks
     */
    void complete(long runId, int users, int blockUsers, int minPartitions) {
        jdbc.sql("select index_run_inputs(:id)")
                .param("id", runId)
                .query((row, n) -> 1)
                .single();
        List<Positions> plan = PartitionPlan.of(users, blockUsers, minPartitions);
        for (int i = 0; i < plan.size(); i++) {
            jdbc.sql("""
                            insert into run_partition (run_id, partition_no, first_position, end_position)
                            values (:runId, :partition, :first, :end)
                            """)
                    .param("runId", runId)
                    .param("partition", i)
                    .param("first", plan.get(i).first())
                    .param("end", plan.get(i).end())
                    .update();
        }
    }
}
