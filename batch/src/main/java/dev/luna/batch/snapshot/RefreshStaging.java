package dev.luna.batch.snapshot;

import dev.luna.batch.database.BinaryCopyReader;
import dev.luna.batch.database.RunTables;
import dev.luna.batch.database.SqlFailure;
import dev.luna.batch.scoring.CompanionRankingCodec;
import dev.luna.batch.scoring.ScoringProfile;
import dev.luna.batch.scoring.VenueCatalog;
import dev.luna.batch.scoring.VenueRankingCodec;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.stereotype.Component;

/**
 * Finds, as of one moment, whose rankings may differ from those of a full run, and stages with the refresh run what ranking
 * them takes: their inputs, the venues of their friends, all venues with the base's likes, a row for each user who is gone,
 * and the partition plan. Thread-safe.
 *
 * <p>Reads are one transaction of isolation REPEATABLE READ on a connection of its own; writes join the caller's. What is
 * unchanged comes from the base's staged inputs, by an index that the first refresh of a base makes: interactions are read
 * only of users whose own inputs changed. So the time grows with those, with whom they are other companions for now, and
 * with the friends of both; and besides only with the number of venues, which are copied, and of users, who are counted. Only
 * a venue that came, went, moved or changed its category has every list of the base looked at. Heap: 110 bytes a user to
 * rank, 100 a venue, and, when venues changed, 100 more a venue and 40 a user of the base.
 */
@Component
public class RefreshStaging {

    private final DataSource dataSource;
    private final StagedInputsReader staged;
    private final PartitionPlanStore plans;
    private final ScratchDirectory scratch;

    RefreshStaging(
            DataSource dataSource, StagedInputsReader staged, PartitionPlanStore plans, ScratchDirectory scratch) {
        this.dataSource = dataSource;
        this.staged = staged;
        this.plans = plans;
        this.scratch = scratch;
    }

    /**
     * How a refresh is to be staged.
     *
     * @param base the full run it is relative to, whose storage is kept
     * @param profile the profile of both
     * @param venuesPerUser ranked venues stored per user, of both
     * @param companionVenues first ranked venues for which companions are stored too, of both; 0 if none are
     * @param blockUsers positions of a block, for the partition plan
     * @param minPartitions fewest partitions if there are enough blocks
     */
    public record Request(
            RefreshBase base,
            ScoringProfile profile,
            int venuesPerUser,
            int companionVenues,
            int blockUsers,
            int minPartitions) {}

    /**
     * Stages a refresh in the empty storage of a run and gives it its keys.
     *
     * @throws IllegalStateException if the tables changed in a way that was not recorded, so that only a full run is exact, or
     *     the scratch directory fails
     * @throws org.springframework.dao.DataAccessException if the database fails; the transaction must roll back
     */
    public StagedSnapshot stage(long runId, Request request, StopRequest stopped) {
        // Closing drops the temporary tables too.
        try (CoveredConnection covered = CoveredConnection.open(dataSource, stopped)) {
            Connection connection = covered.connection();
            indexBase(connection, request.base().runId());
            connection.setAutoCommit(false);
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            return stage(connection, new RunTables(runId), request, stopped);
        } catch (IOException e) {
            throw scratch.failure(e);
        } catch (SQLException e) {
            throw SqlFailure.of("stage refresh run " + runId, e);
        }
    }

    /** Commits by itself: the first refresh of a base makes the index, the others find it. */
    private static void indexBase(Connection connection, long baseRunId) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("select index_base_inputs(?)")) {
            statement.setLong(1, baseRunId);
            statement.execute();
        }
    }

    private StagedSnapshot stage(Connection connection, RunTables tables, Request request, StopRequest stopped)
            throws SQLException, IOException {
        JdbcClient jdbc = JdbcClient.create(new SingleConnectionDataSource(connection, true));
        RefreshBase base = request.base();
        RunTables baseTables = new RunTables(base.runId());
        jdbc.sql(InputSnapshot.LOCK_INPUTS).update();
        Moment moment = jdbc.sql("select statement_timestamp() as moment, pg_current_snapshot()::text as visible")
                .query((row, n) -> new Moment(row.getTimestamp("moment").toInstant(), row.getString("visible")))
                .single();
        // Hashes of the base's users by id stay in memory up to some millions.
        jdbc.sql("set local work_mem = '64MB'").update();
        // What few users changed is read by index. The default of 4 stands for disks that turn, and makes plans scan
        // whole tables for a hundredth of their rows.
        jdbc.sql("set local random_page_cost = 1.1").update();
        VenueCatalog baseCatalog = staged.catalog(base.runId());
        RefreshVenues venues = RefreshVenues.compare(connection, jdbc, baseTables, base.visible(), baseCatalog);
        ChangedUsers changed = ChangedUsers.read(
                new ChangedUsers.Source(connection, jdbc, baseTables, baseCatalog, venues),
                base.visible(),
                request.profile().positiveTypes(),
                Buckets.of(base.users(), Counts.atMost(connection, "user_venue_interactions"), 0)
                        .size(),
                scratch.directory(),
                stopped);
        stopped.endIfAsked("reading what changed");
        new RefreshScope(connection, jdbc, baseTables, baseCatalog)
                .find(changed, venues, request.profile(), request.venuesPerUser(), request.companionVenues());
        stopped.endIfAsked("reading what changed");
        RefreshPlaces places = RefreshPlaces.of(connection, jdbc, baseTables);
        long users = Counts.of(connection, "users");
        requireRecordedChanges(base, places, users);
        stopped.endIfAsked("reading what changed");
        Connection target = DataSourceUtils.getConnection(dataSource);
        try {
            venues.write(connection, target, tables);
            RefreshWriter writer = new RefreshWriter(connection, target, tables);
            int edges = writer.writeInputs(changed, venues, places, baseTables);
            stopped.endIfAsked("reading what changed");
            writer.writeGone(places.gone());
            plans.complete(tables.runId(), places.ranked(), request.blockUsers(), request.minPartitions());
            Replaced replaced = replaced(connection, request.profile(), baseTables, baseCatalog);
            return new StagedSnapshot(
                    moment.at,
                    moment.visible,
                    users,
                    venues.size(),
                    null,
                    base.edges() - replaced.edges + edges,
                    base.maxLikes(),
                    base.checksum() ^ replaced.checksum);
        } finally {
            DataSourceUtils.releaseConnection(target, dataSource);
        }
    }

    /** Everybody is the base's, came or went; a table that was emptied behind the triggers' backs shows here. */
    private static void requireRecordedChanges(RefreshBase base, RefreshPlaces places, long users) {
        int gone = places.gone().size();
        if (base.users() - gone + places.came() != users) {
            throw new IllegalStateException(
                    "run %s ranks %s users; of them %s went and %s came, but there are %s: not all changes were recorded. Start a full run with `luna recompute`"
                            .formatted(base.runId(), base.users(), gone, places.came(), users));
        }
    }

    /** Checksum and edges of the base's rows that the refresh replaces. */
    private static Replaced replaced(
            Connection connection, ScoringProfile profile, RunTables base, VenueCatalog catalog) throws SQLException {
        VenueRankingCodec venues = new VenueRankingCodec(catalog, profile);
        CompanionRankingCodec companions = new CompanionRankingCodec(catalog, profile);
        long checksum = 0;
        long edges = 0;
        long[] id = new long[2];
        try (BinaryCopyReader rows =
                BinaryCopyReader.open(connection, """
                select r.user_id, v.ranking, coalesce(c.friend_count, 0), c.ranking
                from refreshed r
                join %s v on v.user_id = r.user_id
                left join %s c on c.user_id = r.user_id
                """.formatted(base.venueRankings(), base.companionRankings()))) {
            while (rows.next()) {
                rows.uuid(id);
                checksum ^= venues.checksum(id[0], id[1], rows.bytea());
                edges += rows.int4();
                byte[] packed = rows.byteaOrNull();
                checksum ^= packed == null ? 0 : companions.checksum(id[0], id[1], packed);
            }
        }
        return new Replaced(checksum, edges);
    }

    private record Moment(Instant at, String visible) {}

    private record Replaced(long checksum, long edges) {}
}
