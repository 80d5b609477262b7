package dev.luna.batch.job;

import dev.luna.batch.database.RunTables;
import dev.luna.batch.run.RunFailure;
import dev.luna.batch.run.RunLog;
import dev.luna.batch.snapshot.Positions;
import java.util.UUID;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Finds out whose rankings a failed partition was computing: those of the first chunk that is not stored. Thread-safe. */
@Component
class FailedChunk {

    private final JdbcClient jdbc;
    private final RunLog runLog;

    FailedChunk(JdbcClient jdbc, RunLog runLog) {
        this.jdbc = jdbc;
        this.runLog = runLog;
    }

    /** The failure with its users named, if it is one of a partition. */
    RunFailure named(long runId, RunFailure failure) {
        Integer partition = failure.partition();
        if (partition == null) {
            return failure;
        }
        try {
            Positions rest = new StoredPartition(jdbc, runId, partition).rest();
            int end = Math.min(rest.end(), rest.first() + runLog.settings(runId).chunkUsers());
            return rest.first() >= end
                    ? failure
                    : failure.amongUsers(end - rest.first(), userAt(runId, rest.first()), userAt(runId, end - 1));
        } catch (DataAccessException e) {
            // The reason must be recorded even where the database no longer tells whom it concerns.
            return failure;
        }
    }

    private UUID userAt(long runId, int position) {
        return jdbc.sql("select user_id from %s where position = :position".formatted(new RunTables(runId).inputs()))
                .param("position", position)
                .query(UUID.class)
                .single();
    }
}
