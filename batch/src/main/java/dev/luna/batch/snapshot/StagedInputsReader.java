package dev.luna.batch.snapshot;

import dev.luna.batch.database.BinaryCopyReader;
import dev.luna.batch.database.RunTables;
import dev.luna.batch.database.SqlFailure;
import dev.luna.batch.scoring.UuidArray;
import dev.luna.batch.scoring.VenueCatalog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import javax.sql.DataSource;
import org.springframework.stereotype.Component;

/** Loads what {@link SnapshotStaging} or {@link RefreshStaging} stored. Thread-safe. */
@Component
public class StagedInputsReader {

    private final DataSource dataSource;
    private final ScratchDirectory scratch;

    StagedInputsReader(DataSource dataSource, ScratchDirectory scratch) {
        this.dataSource = dataSource;
        this.scratch = scratch;
    }

    /**
     * Loads all staged inputs of a run. This process may have less heap than the one that staged them.
     *
     * @param portions what scoring them will hold
     * @throws SnapshotRefusedException if this process has too little heap
     * @throws StoppedException if {@code stopped} says true
     * @throws org.springframework.dao.DataAccessException if the database fails
     * @throws IllegalStateException if the scratch directory fails
     * @throws IllegalArgumentException if what is stored contradicts itself
     */
    public StagedInputs read(long runId, ScoringPortions portions, StopRequest stopped) {
        RunTables tables = new RunTables(runId);
        try (CoveredConnection covered = CoveredConnection.open(dataSource, stopped)) {
            Connection connection = covered.connection();
            int users = Counts.of(connection, tables.inputs());
            new SnapshotNeed(
                            users,
                            Counts.of(connection, tables.venues()),
                            Counts.packed(connection, tables.inputs(), "venues"),
                            Counts.packed(connection, tables.inputs(), "friends"),
                            portions)
                    .requireHeap(Runtime.getRuntime().maxMemory());
            return inputs(connection, tables, users, catalog(connection, tables), stopped);
        } catch (SQLException e) {
            throw SqlFailure.of("load the staged inputs of run " + runId, e);
        } catch (IOException e) {
            throw scratch.failure(e);
        }
    }

    /** As the other one, to the end and without scoring them. */
    public StagedInputs read(long runId) {
        return read(runId, new ScoringPortions(1, 1, 1, 1, 0, 0, 0), () -> false);
    }

    /**
     * Loads the venues of a run.
     *
     * @throws org.springframework.dao.DataAccessException if the database fails
     * @throws IllegalArgumentException if what is stored contradicts itself
     */
    public VenueCatalog catalog(long runId) {
        try (Connection connection = dataSource.getConnection()) {
            return catalog(connection, new RunTables(runId));
        } catch (SQLException e) {
            throw SqlFailure.of("load the venues of run " + runId, e);
        }
    }

    private static VenueCatalog catalog(Connection connection, RunTables tables) throws SQLException {
        SnapshotVenues venues = SnapshotVenues.read(
                connection,
                "select venue_id, lat, lng, category, likes from " + tables.venues() + " order by venue_no",
                Counts.of(connection, tables.venues()));
        return venues.catalog(maxLikes(connection, tables.runId(), venues.likes()));
    }

    /** The largest of these likes, but of a refresh run its base's: the most liked venue may be gone since. */
    private static int maxLikes(Connection connection, long runId, int[] likes) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "select b.max_likes from run r join run b on b.id = r.base_run_id where r.id = ?")) {
            statement.setLong(1, runId);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? row.getInt(1) : Arrays.stream(likes).max().orElse(0);
            }
        }
    }

    private StagedInputs inputs(
            Connection connection, RunTables tables, int users, VenueCatalog catalog, StopRequest stopped)
            throws SQLException, IOException {
        double[] homeLat = new double[users];
        double[] homeLng = new double[users];
        int[] userIndexAt = new int[users];
        int[] positionOf = new int[users];
        long[] halves = new long[2 * users];
        try (PackedInputs.Builder packed = new PackedInputs.Builder(scratch.directory(), users)) {
            try (BinaryCopyReader rows = BinaryCopyReader.open(
                    connection,
                    "select user_no, user_id, home_lat, home_lng, venues, friends from " + tables.inputs()
                            + " order by position")) {
                for (int position = 0; rows.next(); position++) {
                    stopped.endIfAsked("loading the staged inputs");
                    int user = rows.int4();
                    if (user < 0 || user >= users) {
                        throw new IllegalArgumentException(
                                "the row at position %d of %s has user_no %d; expected 0 to %d"
                                        .formatted(position, tables.inputs(), user, users - 1));
                    }
                    userIndexAt[position] = user;
                    positionOf[user] = position;
                    rows.uuid(halves, user);
                    homeLat[position] = rows.float8OrNaN();
                    homeLng[position] = rows.float8OrNaN();
                    packed.add(ByteBuffer.wrap(rows.bytea()), ByteBuffer.wrap(rows.bytea()));
                }
            }
            return new StagedInputs(
                    catalog, UuidArray.of(halves), userIndexAt, positionOf, homeLat, homeLng, packed.build());
        }
    }
}
