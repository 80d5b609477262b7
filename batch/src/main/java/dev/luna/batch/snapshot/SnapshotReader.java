package dev.luna.batch.snapshot;

import dev.luna.batch.database.BinaryCopyReader;
import dev.luna.batch.scoring.InteractionMatrix;
import dev.luna.batch.scoring.InteractionType;
import dev.luna.batch.scoring.ScoringProfile;
import dev.luna.batch.scoring.VenueCatalog;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.support.SQLExceptionTranslator;
import org.springframework.jdbc.support.SQLStateSQLExceptionTranslator;
import org.springframework.stereotype.Component;

/**
 * Reads all inputs as of one moment: one read-only transaction of isolation REPEATABLE READ on a connection of its own, so
 * that a write which arrives meanwhile is in for everyone or for no one. Writers are not held up. Thread-safe.
 */
@Component
public class SnapshotReader {

    private final DataSource dataSource;
    private final SQLExceptionTranslator translator = new SQLStateSQLExceptionTranslator();

    SnapshotReader(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /**
     * Reads the inputs; likes count interactions of the profile's positive types.
     *
     * @throws org.springframework.dao.DataAccessException if the database fails
     */
    public Snapshot read(ScoringProfile profile) {
        // Not the caller's transactional connection: that one writes what this one reads.
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            connection.setReadOnly(true);
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            try {
                return read(connection, profile);
            } finally {
                connection.rollback();
            }
        } catch (SQLException e) {
            var translated = translator.translate("read the snapshot", null, e);
            throw translated != null ? translated : new IllegalStateException("could not read the snapshot", e);
        }
    }

    private static Snapshot read(Connection connection, ScoringProfile profile) throws SQLException {
        Instant moment;
        String visible;
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select transaction_timestamp(), pg_current_snapshot()::text")) {
            row.next();
            moment = row.getTimestamp(1).toInstant();
            visible = row.getString(2);
        }
        IdColumn users = new IdColumn();
        DoubleColumn homeLat = new DoubleColumn();
        DoubleColumn homeLng = new DoubleColumn();
        long[] id = new long[2];
        try (BinaryCopyReader rows =
                BinaryCopyReader.open(connection, "select id, home_lat, home_lng from users order by id")) {
            while (rows.next()) {
                rows.uuid(id);
                users.add(id[0], id[1]);
                homeLat.add(rows.float8OrNaN());
                homeLng.add(rows.float8OrNaN());
            }
        }
        long[] userHigh = users.high();
        long[] userLow = users.low();
        UuidIndex userIndex = new UuidIndex(userHigh, userLow, userHigh.length);

        Venues venues = venues(connection);
        UuidIndex venueIndex = new UuidIndex(venues.high, venues.low, venues.high.length);

        InteractionCollector collector = interactions(
                connection, profile.positiveTypes(), userIndex, venueIndex, userHigh.length, venues.high.length);
        int interactionCount = collector.size();
        InteractionMatrix interactions = collector.build();
        EdgeCollector edges = edges(connection, userIndex, userHigh.length);
        return new Snapshot(
                moment,
                visible,
                userHigh,
                userLow,
                homeLat.toArray(),
                homeLng.toArray(),
                venues.catalog(likes(interactions)),
                venues.categories,
                interactionCount,
                interactions,
                edges.build());
    }

    private static Venues venues(Connection connection) throws SQLException {
        IdColumn ids = new IdColumn();
        DoubleColumn lat = new DoubleColumn();
        DoubleColumn lng = new DoubleColumn();
        List<@Nullable String> categories = new ArrayList<>();
        long[] id = new long[2];
        try (BinaryCopyReader rows =
                BinaryCopyReader.open(connection, "select id, lat, lng, category from venues order by id")) {
            while (rows.next()) {
                rows.uuid(id);
                ids.add(id[0], id[1]);
                lat.add(rows.float8());
                lng.add(rows.float8());
                categories.add(rows.text());
            }
        }
        return new Venues(ids.high(), ids.low(), lat.toArray(), lng.toArray(), categories);
    }

    private static InteractionCollector interactions(
            Connection connection,
            Set<InteractionType> positiveTypes,
            UuidIndex userIndex,
            UuidIndex venueIndex,
            int userCount,
            int venueCount)
            throws SQLException {
        // COPY takes no parameters; the literals are names of an enum.
        String positive = positiveTypes.stream()
                .map(type -> "'" + type.name().toLowerCase(Locale.ROOT) + "'")
                .collect(Collectors.joining(", "));
        InteractionCollector collector = new InteractionCollector(userCount, venueCount);
        long[] user = new long[2];
        long[] venue = new long[2];
        try (BinaryCopyReader rows = BinaryCopyReader.open(connection, """
                select user_id, venue_id, case when interaction_type in (%s) then dwell else -dwell - 1 end
                from (select user_id, venue_id, interaction_type, coalesce(dwell_time, 0) as dwell
                      from user_venue_interactions) interaction
                """.formatted(positive))) {
            while (rows.next()) {
                rows.uuid(user);
                rows.uuid(venue);
                int dwell = rows.int4();
                collector.add(
                        userIndex.find(user[0], user[1]),
                        venueIndex.find(venue[0], venue[1]),
                        dwell >= 0,
                        dwell >= 0 ? dwell : -(dwell + 1));
            }
        }
        return collector;
    }

    private static EdgeCollector edges(Connection connection, UuidIndex userIndex, int userCount) throws SQLException {
        EdgeCollector collector = new EdgeCollector(userCount);
        long[] user = new long[2];
        long[] friend = new long[2];
        try (BinaryCopyReader rows =
                BinaryCopyReader.open(connection, "select user_id, other_user_id, strength from user_social_edges")) {
            while (rows.next()) {
                rows.uuid(user);
                rows.uuid(friend);
                collector.add(userIndex.find(user[0], user[1]), userIndex.find(friend[0], friend[1]), rows.float8());
            }
        }
        return collector;
    }

    private static int[] likes(InteractionMatrix interactions) {
        int[] likes = new int[interactions.venueCount()];
        for (int entry = 0; entry < interactions.entries(); entry++) {
            int venue = interactions.venue(entry);
            likes[venue] = Math.addExact(likes[venue], interactions.likes(entry));
        }
        return likes;
    }

    private record Venues(long[] high, long[] low, double[] lat, double[] lng, List<@Nullable String> categories) {

        VenueCatalog catalog(int[] likes) {
            return VenueCatalog.of(high, low, lat, lng, Categories.codes(categories), likes);
        }
    }
}
