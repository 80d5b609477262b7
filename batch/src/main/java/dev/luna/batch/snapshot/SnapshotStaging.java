package dev.luna.batch.snapshot;

import dev.luna.batch.database.BinaryCopyWriter;
import dev.luna.batch.database.RunTables;
import dev.luna.batch.scoring.InteractionMatrix;
import dev.luna.batch.scoring.PlanOrder;
import dev.luna.batch.scoring.SocialGraph;
import dev.luna.batch.scoring.VenueCatalog;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.jdbc.support.SQLExceptionTranslator;
import org.springframework.jdbc.support.SQLStateSQLExceptionTranslator;
import org.springframework.stereotype.Component;

/**
 * Stores a snapshot with its run, in the caller's transaction: venues in id order, users in scoring order, one packed row
 * each, and the partition plan. Thread-safe.
 */
@Component
public class SnapshotStaging {

    private static final int ENTRY_BYTES = 12;

    private final DataSource dataSource;
    private final JdbcClient jdbc;
    private final SQLExceptionTranslator translator = new SQLStateSQLExceptionTranslator();

    SnapshotStaging(DataSource dataSource, JdbcClient jdbc) {
        this.dataSource = dataSource;
        this.jdbc = jdbc;
    }

    /**
     * Stages the snapshot in the empty storage of a run and gives it its keys.
     *
     * @throws org.springframework.dao.DataAccessException if the database fails; the transaction must roll back
     */
    public void stage(long runId, Snapshot snapshot, PartitionPlan plan) {
        RunTables tables = new RunTables(runId);
        Connection connection = DataSourceUtils.getConnection(dataSource);
        try {
            stageVenues(connection, tables, snapshot);
            stageInputs(connection, tables, snapshot);
        } catch (SQLException e) {
            var translated = translator.translate("stage the snapshot of run " + runId, null, e);
            throw translated != null ? translated : new IllegalStateException("could not stage the snapshot", e);
        } finally {
            DataSourceUtils.releaseConnection(connection, dataSource);
        }
        jdbc.sql("select index_run_inputs(:id)")
                .param("id", runId)
                .query((row, n) -> 1)
                .single();
        for (int i = 0; i < plan.ranges().size(); i++) {
            jdbc.sql("""
                            insert into run_partition (run_id, partition_no, first_position, end_position)
                            values (:runId, :partition, :first, :end)
                            """)
                    .param("runId", runId)
                    .param("partition", i)
                    .param("first", plan.ranges().get(i).first())
                    .param("end", plan.ranges().get(i).end())
                    .update();
        }
    }

    private static void stageVenues(Connection connection, RunTables tables, Snapshot snapshot) throws SQLException {
        VenueCatalog catalog = snapshot.catalog();
        try (BinaryCopyWriter rows = BinaryCopyWriter.open(
                connection, tables.venues(), "run_id", "venue_no", "venue_id", "category", "lat", "lng", "likes")) {
            for (int venue = 0; venue < catalog.size(); venue++) {
                rows.startRow();
                rows.int8(tables.runId());
                rows.int4(venue);
                rows.uuid(catalog.idHigh(venue), catalog.idLow(venue));
                String category = snapshot.categories().get(venue);
                if (category == null) {
                    rows.nullValue();
                } else {
                    rows.text(category);
                }
                rows.float8(catalog.latDegrees(venue));
                rows.float8(catalog.lngDegrees(venue));
                rows.int4(catalog.likes(venue));
            }
            rows.finish();
        }
    }

    private static void stageInputs(Connection connection, RunTables tables, Snapshot snapshot) throws SQLException {
        int[] order = PlanOrder.of(snapshot.homeLat(), snapshot.homeLng());
        ByteBuffer packed = ByteBuffer.allocate(4096);
        try (BinaryCopyWriter rows = BinaryCopyWriter.open(
                connection,
                tables.inputs(),
                "run_id",
                "position",
                "user_no",
                "user_id",
                "home_lat",
                "home_lng",
                "venues",
                "friends")) {
            for (int position = 0; position < order.length; position++) {
                int user = order[position];
                rows.startRow();
                rows.int8(tables.runId());
                rows.int4(position);
                rows.int4(user);
                rows.uuid(snapshot.userIdHigh()[user], snapshot.userIdLow()[user]);
                degrees(rows, snapshot.homeLat()[user]);
                degrees(rows, snapshot.homeLng()[user]);
                packed = venues(snapshot.interactions(), user, packed);
                rows.bytea(packed.array(), 0, packed.position());
                packed = friends(snapshot.graph(), user, packed);
                rows.bytea(packed.array(), 0, packed.position());
            }
            rows.finish();
        }
    }

    private static void degrees(BinaryCopyWriter rows, double degrees) throws SQLException {
        if (Double.isNaN(degrees)) {
            rows.nullValue();
        } else {
            rows.float8(degrees);
        }
    }

    private static ByteBuffer venues(InteractionMatrix interactions, int row, ByteBuffer reusable) {
        int from = interactions.offset(row);
        int end = interactions.offset(row + 1);
        ByteBuffer packed = room(reusable, (end - from) * ENTRY_BYTES);
        for (int entry = from; entry < end; entry++) {
            packed.putInt(interactions.venue(entry))
                    .putInt(interactions.likes(entry))
                    .putInt(interactions.seconds(entry));
        }
        return packed;
    }

    private static ByteBuffer friends(SocialGraph graph, int row, ByteBuffer reusable) {
        int from = graph.offset(row);
        int end = graph.offset(row + 1);
        ByteBuffer packed = room(reusable, (end - from) * ENTRY_BYTES);
        for (int edge = from; edge < end; edge++) {
            packed.putInt(graph.friend(edge)).putDouble(graph.strength(edge));
        }
        return packed;
    }

    private static ByteBuffer room(ByteBuffer reusable, int bytes) {
        return reusable.capacity() >= bytes
                ? reusable.clear()
                : ByteBuffer.allocate(Math.max(bytes, reusable.capacity() * 2));
    }
}
