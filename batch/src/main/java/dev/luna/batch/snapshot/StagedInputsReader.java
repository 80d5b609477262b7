package dev.luna.batch.snapshot;

import dev.luna.batch.database.BinaryCopyReader;
import dev.luna.batch.database.RunTables;
import dev.luna.batch.scoring.InteractionMatrix;
import dev.luna.batch.scoring.SocialGraph;
import dev.luna.batch.scoring.VenueCatalog;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.support.SQLExceptionTranslator;
import org.springframework.jdbc.support.SQLStateSQLExceptionTranslator;
import org.springframework.stereotype.Component;

/** Loads what {@link SnapshotStaging} stored. Thread-safe. */
@Component
public class StagedInputsReader {

    private static final int ENTRY_BYTES = 12;

    private final DataSource dataSource;
    private final SQLExceptionTranslator translator = new SQLStateSQLExceptionTranslator();

    StagedInputsReader(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /**
     * Loads all staged inputs of a run.
     *
     * @throws org.springframework.dao.DataAccessException if the database fails
     */
    public StagedInputs read(long runId) {
        try (Connection connection = dataSource.getConnection()) {
            RunTables tables = new RunTables(runId);
            VenueCatalog catalog = catalog(connection, tables);
            return inputs(connection, tables, catalog);
        } catch (SQLException e) {
            var translated = translator.translate("load the staged inputs of run " + runId, null, e);
            throw translated != null ? translated : new IllegalStateException("could not load staged inputs", e);
        }
    }

    private static VenueCatalog catalog(Connection connection, RunTables tables) throws SQLException {
        IdColumn ids = new IdColumn();
        DoubleColumn lat = new DoubleColumn();
        DoubleColumn lng = new DoubleColumn();
        IntPages likes = new IntPages();
        List<@Nullable String> categories = new ArrayList<>();
        long[] id = new long[2];
        try (BinaryCopyReader rows = BinaryCopyReader.open(
                connection,
                "select venue_id, category, lat, lng, likes from " + tables.venues() + " order by venue_no")) {
            while (rows.next()) {
                rows.uuid(id);
                ids.add(id[0], id[1]);
                categories.add(rows.text());
                lat.add(rows.float8());
                lng.add(rows.float8());
                likes.add(rows.int4());
            }
        }
        int[] likesByVenue = new int[likes.size()];
        for (int venue = 0; venue < likesByVenue.length; venue++) {
            likesByVenue[venue] = likes.get(venue);
        }
        return VenueCatalog.of(
                ids.high(), ids.low(), lat.toArray(), lng.toArray(), Categories.codes(categories), likesByVenue);
    }

    private static StagedInputs inputs(Connection connection, RunTables tables, VenueCatalog catalog)
            throws SQLException {
        Size size = size(connection, tables);
        int users = size.users;
        double[] homeLat = new double[users];
        double[] homeLng = new double[users];
        int[] userIndexAt = new int[users];
        int[] positionOf = new int[users];
        long[] idHigh = new long[users];
        long[] idLow = new long[users];
        int[] venueOffsets = new int[users + 1];
        int[] venue = new int[size.pairs];
        int[] likes = new int[size.pairs];
        int[] seconds = new int[size.pairs];
        int[] friendOffsets = new int[users + 1];
        int[] friend = new int[size.edges];
        double[] strength = new double[size.edges];
        long[] id = new long[2];
        int position = 0;
        int pair = 0;
        int edge = 0;
        try (BinaryCopyReader rows = BinaryCopyReader.open(
                connection,
                "select user_no, user_id, home_lat, home_lng, venues, friends from " + tables.inputs()
                        + " order by position")) {
            while (rows.next()) {
                int user = rows.int4();
                userIndexAt[position] = user;
                positionOf[user] = position;
                rows.uuid(id);
                idHigh[user] = id[0];
                idLow[user] = id[1];
                homeLat[position] = rows.float8OrNaN();
                homeLng[position] = rows.float8OrNaN();
                ByteBuffer venues = packed(rows);
                while (venues.hasRemaining()) {
                    venue[pair] = venues.getInt();
                    likes[pair] = venues.getInt();
                    seconds[pair++] = venues.getInt();
                }
                ByteBuffer friends = packed(rows);
                while (friends.hasRemaining()) {
                    friend[edge] = friends.getInt();
                    strength[edge++] = friends.getDouble();
                }
                position++;
                venueOffsets[position] = pair;
                friendOffsets[position] = edge;
            }
        }
        return new StagedInputs(
                catalog,
                homeLat,
                homeLng,
                InteractionMatrix.of(catalog.size(), venueOffsets, venue, likes, seconds),
                SocialGraph.of(users, friendOffsets, friend, strength),
                userIndexAt,
                positionOf,
                idHigh,
                idLow);
    }

    private static ByteBuffer packed(BinaryCopyReader rows) throws SQLException {
        byte[] bytes = rows.bytea();
        if (bytes == null) {
            throw new IllegalStateException("a staged input is null");
        }
        return ByteBuffer.wrap(bytes);
    }

    private static Size size(Connection connection, RunTables tables) throws SQLException {
        String sql = """
                select count(*), coalesce(sum(length(venues)), 0) / %1$d, coalesce(sum(length(friends)), 0) / %1$d
                from %2$s
                """.formatted(ENTRY_BYTES, tables.inputs());
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return new Size(
                    Math.toIntExact(row.getLong(1)), Math.toIntExact(row.getLong(2)), Math.toIntExact(row.getLong(3)));
        }
    }

    private record Size(int users, int pairs, int edges) {}
}
