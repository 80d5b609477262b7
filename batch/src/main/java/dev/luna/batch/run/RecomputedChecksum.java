package dev.luna.batch.run;

import dev.luna.batch.database.BinaryCopyReader;
import dev.luna.batch.database.RunTables;
import dev.luna.batch.database.SqlFailure;
import dev.luna.batch.scoring.CompanionRankingCodec;
import dev.luna.batch.scoring.ScoringProfile;
import dev.luna.batch.scoring.VenueCatalog;
import dev.luna.batch.scoring.VenueRankingCodec;
import dev.luna.batch.snapshot.StagedInputsReader;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Computes the checksum of a complete run again, from every row that is stored. Thread-safe. */
@Component
class RecomputedChecksum {

    private final DataSource dataSource;
    private final JdbcClient jdbc;
    private final StagedInputsReader inputs;
    private final RunLog runLog;

    RecomputedChecksum(DataSource dataSource, JdbcClient jdbc, StagedInputsReader inputs, RunLog runLog) {
        this.dataSource = dataSource;
        this.jdbc = jdbc;
        this.inputs = inputs;
        this.runLog = runLog;
    }

    /** How it differs from the recorded one, in words; empty if it does not. Of a refresh, over the users ranked anew. */
    String difference(Run run) {
        RunTables tables = new RunTables(run.id());
        ScoringProfile profile = runLog.profile(run.id());
        long checksum = jdbc.sql("select carried_checksum from run where id = ?")
                .param(run.id())
                .query(Long.class)
                .single();
        try {
            VenueCatalog catalog = inputs.catalog(run.id());
            // Rows by which a refresh says that a user is gone, or has no friends any more, count for nothing.
            checksum ^= of(
                    tables.venueRankings() + " where length(ranking) > 0",
                    new VenueRankingCodec(catalog, profile)::checksum);
            checksum ^= of(
                    tables.companionRankings() + " where friend_count > 0",
                    new CompanionRankingCodec(catalog, profile)::checksum);
        } catch (IllegalArgumentException e) {
            return "the stored rankings have no checksum: " + e.getMessage();
        } catch (SQLException e) {
            throw SqlFailure.of("read the rankings of run " + run.id(), e);
        }
        return run.checksum() != null && run.checksum() == checksum
                ? ""
                : "the stored rankings have checksum %016x instead of that of the run".formatted(checksum);
    }

    private long of(String rankings, PackedChecksum packed) throws SQLException {
        long checksum = 0;
        long[] user = new long[2];
        try (Connection connection = dataSource.getConnection();
                BinaryCopyReader rows = BinaryCopyReader.open(connection, "select user_id, ranking from " + rankings)) {
            while (rows.next()) {
                rows.uuid(user);
                checksum ^= of(user, rows.bytea(), packed);
            }
        }
        return checksum;
    }

    private static long of(long[] user, byte[] ranking, PackedChecksum packed) {
        try {
            return packed.of(user[0], user[1], ranking);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "user %s has a damaged row: %s".formatted(new UUID(user[0], user[1]), e.getMessage()), e);
        }
    }

    /** What a codec computes of one user's row. */
    private interface PackedChecksum {

        long of(long userIdHigh, long userIdLow, byte[] packed);
    }
}
