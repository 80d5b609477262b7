package dev.luna.batch.snapshot;

import dev.luna.batch.database.RunTables;
import dev.luna.batch.database.SqlFailure;
import dev.luna.batch.scoring.PlanOrder;
import dev.luna.batch.scoring.ScoringProfile;
import dev.luna.batch.scoring.VenueCatalog;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.stereotype.Component;

/**
 * Reads all inputs as of one moment and stores them with their run, in the caller's transaction: venues in id order, users
 * in scoring order, one packed row each, and the partition plan. Thread-safe.
 *
 * <p>Users and venues are read into memory and numbered; interactions and edges are read by several connections that share
 * the snapshot, dealt out to scratch files by place, and summed and stored bucket by bucket. So heap grows with users and
 * venues, and with how many rows one user has, not with how many there are ({@link SnapshotNeed}). Time O(n log n) in
 * users, linear in all else.
 */
@Component
public class SnapshotStaging {

    private static final Logger log = LoggerFactory.getLogger(SnapshotStaging.class);

    /** Gigabytes take a second or two to be free. */
    private static final int LOOKS_FOR_ROOM = 50;

    private static final long NANOS_BETWEEN_LOOKS = 100_000_000;

    private final DataSource dataSource;
    private final PartitionPlanStore plans;
    private final ScratchDirectory scratch;

    SnapshotStaging(DataSource dataSource, PartitionPlanStore plans, ScratchDirectory scratch) {
        this.dataSource = dataSource;
        this.plans = plans;
        this.scratch = scratch;
    }

    /** A snapshot that is staged, with its inputs at hand. */
    public record Staged(StagedSnapshot snapshot, StagedInputs inputs) {}

    /**
     * Stages a snapshot in the empty storage of a run and gives it its keys.
     *
     * @param profile tells which interactions count as likes
     * @param portions what scoring will hold; as many connections read at a time as threads will score, and there are
     *     partitions for all of these if there are enough blocks
     * @param stopped asked now and then
     * @throws StoppedException if {@code stopped} said true; the transaction must roll back, as after any other exception
     * @throws SnapshotRefusedException if there is nothing to rank, or heap or scratch directory cannot hold what it takes
     * @throws org.springframework.dao.DataAccessException if the database fails
     */
    public Staged stage(long runId, ScoringProfile profile, ScoringPortions portions, StopRequest stopped) {
        try (InputSnapshot snapshot = new InputSnapshot(dataSource, stopped)) {
            Connection target = DataSourceUtils.getConnection(dataSource);
            try {
                return stage(snapshot, new StagingWriter(target, new RunTables(runId)), profile, portions, stopped);
            } finally {
                DataSourceUtils.releaseConnection(target, dataSource);
            }
        } catch (SQLException e) {
            throw SqlFailure.of("stage the snapshot of run " + runId, e);
        } catch (IOException e) {
            throw scratch.failure(e);
        }
    }

    private Staged stage(
            InputSnapshot snapshot,
            StagingWriter writer,
            ScoringProfile profile,
            ScoringPortions portions,
            StopRequest stopped)
            throws SQLException, IOException {
        Connection connection = snapshot.connection();
        SnapshotNeed need = need(connection, portions, stopped);
        SnapshotVenues venues = SnapshotVenues.read(
                connection, "select id, lat, lng, category, 0 from venues order by id", (int) need.venues());
        SnapshotUsers users = SnapshotUsers.read(connection, (int) need.users());
        int[] userIndexAt = PlanOrder.of(users.homeLat(), users.homeLng());
        int[] positionOf = new int[userIndexAt.length];
        for (int position = 0; position < userIndexAt.length; position++) {
            positionOf[userIndexAt[position]] = position;
        }
        Buckets buckets = Buckets.of(users.size(), need.interactions(), need.edges());
        try (Spill interactions = Spill.create(scratch.directory(), buckets.count(), InputScan.INTERACTION_BYTES);
                Spill edges = Spill.create(scratch.directory(), buckets.count(), InputScan.EDGE_BYTES);
                PackedInputs.Builder packed = new PackedInputs.Builder(scratch.directory(), users.size())) {
            InputScan scan = new InputScan(
                    new UuidIndex(users.ids()),
                    new UuidIndex(venues.ids()),
                    positionOf,
                    buckets,
                    profile.positiveTypes(),
                    interactions,
                    edges);
            InputScan.Total total = scan.read(snapshot.connections(portions.threads()), stopped);
            writer.writeInputs(scan, buckets, users, userIndexAt, venues, packed, stopped);
            writer.writeVenues(venues);
            plans.complete(writer.tables().runId(), users.size(), portions.blockUsers(), portions.threads());
            VenueCatalog catalog =
                    venues.catalog(Arrays.stream(venues.likes()).max().orElse(0));
            return new Staged(
                    new StagedSnapshot(
                            snapshot.moment(),
                            snapshot.visible(),
                            users.size(),
                            catalog.size(),
                            total.interactions(),
                            total.edges(),
                            catalog.maxLikes(),
                            0),
                    new StagedInputs(
                            catalog,
                            users.ids(),
                            userIndexAt,
                            positionOf,
                            byPosition(users.homeLat(), userIndexAt),
                            byPosition(users.homeLng(), userIndexAt),
                            packed.build()));
        }
    }

    private SnapshotNeed need(Connection connection, ScoringPortions portions, StopRequest stopped)
            throws SQLException {
        int users = Counts.of(connection, "users");
        int venues = Counts.of(connection, "venues");
        if (users == 0 || venues == 0) {
            throw new SnapshotRefusedException(
                    "the snapshot has %s users and %s venues; there is nothing to rank. Load data with `luna import DIR`"
                            .formatted(users, venues));
        }
        SnapshotNeed need = new SnapshotNeed(
                users,
                venues,
                Counts.atMost(connection, "user_venue_interactions"),
                Counts.atMost(connection, "user_social_edges"),
                portions);
        long heapLimit = Runtime.getRuntime().maxMemory();
        need.requireHeap(heapLimit);
        need.requireScratch(room(scratch::usableBytes, need.scratchBytes(), stopped));
        log.info("{} in {}", need.sentence(heapLimit), scratch.directory());
        return need;
    }

    /**
     * Bytes that may be written, looked at again for some seconds while they are too few.
     *
     * @param needed how many will do
     * @throws StoppedException if {@code stopped} said true meanwhile
     */
    static long room(LongSupplier usable, long needed, StopRequest stopped) {
        long room = usable.getAsLong();
        if (room < needed) {
            // The file of a run that ended here is deleted, but keeps its room until its mapping is collected, and
            // the system frees that in the background. -XX:+DisableExplicitGC leaves only the looks.
            System.gc();
        }
        for (int look = 0; room < needed && look < LOOKS_FOR_ROOM; look++) {
            stopped.endIfAsked("reading the snapshot");
            LockSupport.parkNanos(NANOS_BETWEEN_LOOKS);
            room = usable.getAsLong();
        }
        return room;
    }

    private static double[] byPosition(double[] byUserIndex, int[] userIndexAt) {
        double[] values = new double[userIndexAt.length];
        for (int position = 0; position < values.length; position++) {
            values[position] = byUserIndex[userIndexAt[position]];
        }
        return values;
    }
}
