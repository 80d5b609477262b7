package dev.luna.batch.snapshot;

import dev.luna.batch.database.BinaryCopyReader;
import dev.luna.batch.database.RunTables;
import dev.luna.batch.scoring.CompanionRankingCodec;
import dev.luna.batch.scoring.ScoringProfile;
import dev.luna.batch.scoring.VenueCatalog;
import dev.luna.batch.scoring.VenueRankingCodec;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.function.BooleanSupplier;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.jdbc.support.SQLExceptionTranslator;
import org.springframework.jdbc.support.SQLStateSQLExceptionTranslator;
import org.springframework.stereotype.Component;

/**
 * Finds, as of one moment, whose rankings may differ from those of a full run, and stages with the refresh run what ranking
 * them takes: their inputs, the venues of their friends, all venues with the base's likes, a row for each user who is gone,
 * and the partition plan. Thread-safe.
 *
 * <p>Reads are one transaction of isolation REPEATABLE READ on a connection of its own; writes join the caller's. What is
 * unchanged comes from the base's staged inputs, by an index that the first refresh of a base makes: interactions are read
 * only of users whose own inputs changed. So the time grows with what changed, with the users, and with those whose friends
 * changed and their friends; only a venue that came, went or moved has every list of the base looked at. Heap: 48
 * bytes a user to rank, 64 a venue, and, when venues changed, 40 a user of the base.
 */
@Component
public class RefreshStaging {

    private final DataSource dataSource;
    private final StagedInputsReader staged;
    private final PartitionPlanStore plans;
    private final SQLExceptionTranslator translator = new SQLStateSQLExceptionTranslator();

    RefreshStaging(DataSource dataSource, StagedInputsReader staged, PartitionPlanStore plans) {
        this.dataSource = dataSource;
        this.staged = staged;
        this.plans = plans;
    }

    /**
     * How a refresh is to be staged.
     *
     * @param base the full run it is relative to, whose storage is kept
     * @param profile the profile of both
     * @param venuesPerUser ranked venues stored per user, of both
     * @param blockUsers positions of a block, for the partition plan
     * @param minPartitions fewest partitions if there are enough blocks
     */
    public record Request(
            RefreshBase base, ScoringProfile profile, int venuesPerUser, int blockUsers, int minPartitions) {}

    /**
     * Stages a refresh in the empty storage of a run and gives it its keys.
     *
     * @throws IllegalStateException if the tables changed in a way that was not recorded, so that only a full run is exact
     * @throws org.springframework.dao.DataAccessException if the database fails; the transaction must roll back
     */
    public StagedRefresh stage(long runId, Request request, BooleanSupplier stopped) {
        try (Connection connection = dataSource.getConnection()) {
            indexBase(connection, request.base().runId());
            connection.setAutoCommit(false);
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            try {
                return stage(connection, new RunTables(runId), request, stopped);
            } finally {
                // Drops the temporary tables too.
                connection.rollback();
            }
        } catch (SQLException e) {
            var translated = translator.translate("stage refresh run " + runId, null, e);
            throw translated != null ? translated : new IllegalStateException("could not stage the refresh", e);
        }
    }

    /** Commits by itself: the first refresh of a base makes the index, the others find it. */
    private static void indexBase(Connection connection, long baseRunId) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("select index_base_inputs(?)")) {
            statement.setLong(1, baseRunId);
            statement.execute();
        }
    }

    private StagedRefresh stage(Connection connection, RunTables tables, Request request, BooleanSupplier stopped)
            throws SQLException {
        JdbcClient jdbc = JdbcClient.create(new SingleConnectionDataSource(connection, true));
        RefreshBase base = request.base();
        Moment moment = jdbc.sql("select transaction_timestamp() as moment, pg_current_snapshot()::text as visible")
                .query((row, n) -> new Moment(row.getTimestamp("moment").toInstant(), row.getString("visible")))
                .single();
        // Hashes of the base's users by id stay in memory up to some millions.
        jdbc.sql("set local work_mem = '64MB'").update();
        // What few users changed is read by index. The default of 4 stands for disks that turn, and makes plans scan
        // whole tables for a hundredth of their rows.
        jdbc.sql("set local random_page_cost = 1.1").update();
        int ranked =
                new RefreshScope(connection, jdbc, base.runId()).find(base, request.profile(), request.venuesPerUser());
        proceedUnless(stopped);
        Connection target = DataSourceUtils.getConnection(dataSource);
        try {
            RefreshWriter writer = new RefreshWriter(connection, jdbc, target, tables, base.runId());
            int venues = writer.writeVenues();
            proceedUnless(stopped);
            int edges = writer.writeInputs(request.profile().positiveTypes());
            proceedUnless(stopped);
            long gone = writer.writeGone();
            requireRecordedChanges(jdbc, base, gone);
            plans.complete(tables.runId(), PartitionPlan.of(ranked, request.blockUsers(), request.minPartitions()));
            Replaced replaced = replaced(connection, request);
            return new StagedRefresh(
                    moment.at,
                    moment.visible,
                    users(jdbc),
                    venues,
                    base.edges() - replaced.edges + edges,
                    base.checksum() ^ replaced.checksum);
        } finally {
            DataSourceUtils.releaseConnection(target, dataSource);
        }
    }

    private static void proceedUnless(BooleanSupplier stopped) {
        if (stopped.getAsBoolean()) {
            throw new StoppedException("reading what changed");
        }
    }

    /** Everybody is the base's, came or went; a table that was emptied behind the triggers' backs shows here. */
    private static void requireRecordedChanges(JdbcClient jdbc, RefreshBase base, long gone) {
        long came = jdbc.sql("""
                        select count(*) from refresh_place p
                        where not exists (select from %s b where b.user_id = p.user_id)
                        """.formatted(new RunTables(base.runId()).venueRankings()))
                .query(Long.class)
                .single();
        long users = users(jdbc);
        if (base.users() - gone + came != users) {
            throw new IllegalStateException(
                    "run %d ranks %d users; of them %d went and %d came, but there are %d: not all changes were recorded. Start a full run with `luna recompute`"
                            .formatted(base.runId(), base.users(), gone, came, users));
        }
    }

    private static long users(JdbcClient jdbc) {
        return jdbc.sql("select count(*) from users").query(Long.class).single();
    }

    /** Checksum and edges of the base's rows that the refresh replaces. */
    private Replaced replaced(Connection connection, Request request) throws SQLException {
        RunTables base = new RunTables(request.base().runId());
        VenueCatalog catalog = staged.catalog(base.runId());
        VenueRankingCodec venues = new VenueRankingCodec(catalog, request.profile());
        CompanionRankingCodec companions = new CompanionRankingCodec(catalog, request.profile());
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
                checksum ^= venues.checksum(id[0], id[1], PackedColumn.of(rows).array());
                edges += rows.int4();
                byte[] packed = rows.bytea();
                checksum ^= packed == null ? 0 : companions.checksum(id[0], id[1], packed);
            }
        }
        return new Replaced(checksum, edges);
    }

    private record Moment(Instant at, String visible) {}

    private record Replaced(long checksum, long edges) {}
}
