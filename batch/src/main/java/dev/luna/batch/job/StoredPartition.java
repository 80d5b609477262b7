package dev.luna.batch.job;

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
    Block rest() {
        return jdbc.sql("""
                        select first_position + users_done as next, end_position
                        from run_partition
                        where run_id = :runId and partition_no = :partition
                        """)
                .param("runId", runId)
                .param("partition", partition)
                .query((row, n) -> new Block(row.getInt("next"), row.getInt("end_position")))
                .single();
    }

    /**
     * Counts a written block. The rankings of a block and its count commit together or not at all.
     *
     * @throws IllegalStateException if it is not the next block, which would store a user twice or never
     */
    void add(Block block, long checksum) {
        int updated = jdbc.sql("""
                        update run_partition
                        set users_done = users_done + :users, checksum = checksum # :checksum
                        where run_id = :runId and partition_no = :partition and first_position + users_done = :first
                        """)
                .param("users", block.users())
                .param("checksum", checksum)
                .param("runId", runId)
                .param("partition", partition)
                .param("first", block.first())
                .update();
        if (updated != 1) {
            throw new IllegalStateException("users %d to %d of partition %d are not the next ones to store"
                    .formatted(block.first(), block.end(), partition));
        }
    }
}
