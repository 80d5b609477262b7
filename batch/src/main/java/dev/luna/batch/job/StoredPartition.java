package dev.luna.batch.job;

import dev.luna.batch.snapshot.Positions;
import org.springframework.jdbc.core.simple.JdbcClient;

/** One partition of a run's stored plan and its progress. Calls join the caller's transaction. */
final class StoredPartition {

    private final JdbcClient jdbc;
    private final long runId;
    private final int partition;

    StoredPartition(JdbcClient jdbc, long runId, int partition) {
        this.jdbc = jdbc;
        this.runId = runId;
        this.partition = partition;
    }

    /** What is left to score: from the first user whose ranking is not stored to the end. */
    Positions rest() {
        return jdbc.sql("""
                        select first_position + users_done as next, end_position
                        from run_partition
                        where run_id = :runId and partition_no = :partition
                        """)
                .param("runId", runId)
                .param("partition", partition)
                .query((row, n) -> new Positions(row.getInt("next"), row.getInt("end_position")))
                .single();
    }

    /**
     * Counts written users. Their rankings and their count commit together or not at all.
     *
     * @throws IllegalStateException if they are not the next ones, which would store a user twice or never
     */
    void add(Positions written, long checksum) {
        int updated = jdbc.sql("""
                        update run_partition
                        set users_done = users_done + :users, checksum = checksum # :checksum
                        where run_id = :runId and partition_no = :partition and first_position + users_done = :first
                        """)
                .param("users", written.users())
                .param("checksum", checksum)
                .param("runId", runId)
                .param("partition", partition)
                .param("first", written.first())
                .update();
        if (updated != 1) {
            throw new IllegalStateException("users %d to %d of partition %d are not the next ones to store"
                    .formatted(written.first(), written.end(), partition));
        }
    }
}
