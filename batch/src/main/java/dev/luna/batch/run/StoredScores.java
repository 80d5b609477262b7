package dev.luna.batch.run;

import dev.luna.batch.database.BinaryCopyReader;
import dev.luna.batch.database.RunTables;
import dev.luna.batch.database.SqlFailure;
import dev.luna.batch.scoring.VenueRankingCodec;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.stereotype.Component;

/** Reads stored venue rankings back, in the caller's transaction, to see whether their scores are in order. Thread-safe. */
@Component
class StoredScores {

    /** Stored rankings that are read back; larger runs are sampled by pages to about this many. */
    private static final long MOST = 100_000;

    private final DataSource dataSource;

    StoredScores(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /**
     * What was read back.
     *
     * @param rankings rankings read
     * @param inOrder those with finite scores in descending order
     */
    record Found(long rankings, long inOrder) {}

    /** @param users how many users the run ranks */
    Found read(long runId, long users) {
        return read(runId, users, MOST);
    }

    Found read(long runId, long users, long most) {
        double percent = users <= most ? 100 : 100.0 * most / users;
        long rankings = 0;
        long inOrder = 0;
        Connection connection = DataSourceUtils.getConnection(dataSource);
        try (BinaryCopyReader rows = BinaryCopyReader.open(
                connection,
                "select ranking from %s tablesample system (%s) repeatable (1)"
                        .formatted(new RunTables(runId).venueRankings(), percent))) {
            while (rows.next()) {
                rankings++;
                inOrder += hasFiniteDescendingScores(rows.bytea()) ? 1 : 0;
            }
        } catch (SQLException e) {
            throw SqlFailure.of("read back the rankings of run " + runId, e);
        } finally {
            DataSourceUtils.releaseConnection(connection, dataSource);
        }
        return new Found(rankings, inOrder);
    }

    private static boolean hasFiniteDescendingScores(byte[] ranking) {
        ByteBuffer packed = ByteBuffer.wrap(ranking);
        float before = Float.MAX_VALUE;
        for (int at = 0; at < ranking.length; at += VenueRankingCodec.ENTRY_BYTES) {
            float score = packed.getFloat(at + VenueRankingCodec.SCORE_AT);
            // Written so that NaN fails too.
            if (!(score >= 0 && score <= before)) {
                return false;
            }
            before = score;
        }
        return true;
    }
}
