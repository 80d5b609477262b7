package dev.luna.api.reco;

import dev.luna.batch.scoring.InteractionMatrix;
import dev.luna.batch.scoring.ScoringProfile;
import dev.luna.batch.scoring.SocialGraph;
import dev.luna.batch.scoring.VenueCatalog;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What answers need of users, as the tables have it now: names, and what live scoring is made of. */
@Repository
class LiveInputs {

    private static final int FETCH_SIZE = 5000;

    private static final String SUMS = """
            select i.user_id, i.venue_id,
                   count(*) filter (where i.interaction_type = any(:positiveTypes))::integer as likes,
                   coalesce(sum(i.dwell_time), 0)::bigint as seconds
            """;

    private final JdbcClient jdbc;
    private final TransactionTemplate reading;

    LiveInputs(JdbcClient jdbc, PlatformTransactionManager transactions) {
        this.jdbc = jdbc;
        reading = new TransactionTemplate(transactions);
        reading.setReadOnly(true);
    }

    /** A user's friends in id order: friendIndex = place in the list, the one row of the graph = the user's edges. */
    record Friends(List<Friend> list, SocialGraph graph) {

        Map<UUID, String> nameById() {
            Map<UUID, String> names = new HashMap<>();
            list.forEach(friend -> names.put(friend.id(), friend.name()));
            return names;
        }
    }

    record Friend(UUID id, String name, double strength) {}

    /** A user and, as one row, the interactions: what is live of one person, all of one moment. */
    record Own(Person person, InteractionMatrix interactions) {}

    /** Empty when there is no such user. Not as one of many: PostgreSQL would plan for each list of users anew. */
    Optional<Own> own(UUID userId, VenueCatalog venues, ScoringProfile profile) {
        return jdbc.sql("select u.id, u.home_lat, u.home_lng, s.* from users u left join (" + SUMS + """
                        from user_venue_interactions i
                        where i.user_id = :userId
                        group by i.user_id, i.venue_id
                        ) s on true
                        where u.id = :userId
                        order by s.venue_id
                        """)
                .param("userId", userId)
                .param("positiveTypes", PositiveTypes.of(profile))
                .query((ResultSet rows) -> {
                    InteractionMatrix.Builder matrix = InteractionMatrix.builder(venues.size());
                    Person person = null;
                    while (rows.next()) {
                        person = person == null ? PublishedReads.person(rows) : person;
                        add(matrix, rows, venues);
                    }
                    return person == null
                            ? Optional.empty()
                            : Optional.of(new Own(person, matrix.endRow().build()));
                });
    }

    /** Users' interactions; row = place in the list, which has each user once. */
    InteractionMatrix of(List<UUID> userIds, VenueCatalog venues, ScoringProfile profile) {
        return matrixOfMany(
                jdbc.sql(SUMS + """
                        from unnest(cast(:userIds as uuid[])) with ordinality u (id, place)
                        join user_venue_interactions i on i.user_id = u.id
                        group by u.place, i.user_id, i.venue_id
                        order by u.place, i.venue_id
                        """).param("userIds", userIds.toArray(UUID[]::new)), userIds, venues, profile);
    }

    /** PostgreSQL orders uuid by its bytes, as the order of rankings wants it. */
    Friends friends(UUID userId) {
        List<Friend> list = jdbc.sql("""
                        select e.other_user_id, u.name, e.strength
                        from user_social_edges e
                        join users u on u.id = e.other_user_id
                        where e.user_id = :userId
                        order by e.other_user_id
                        """)
                .param("userId", userId)
                .query((row, n) -> new Friend(
                        row.getObject("other_user_id", UUID.class), row.getString("name"), row.getDouble("strength")))
                .list();
        SocialGraph.Builder graph = SocialGraph.builder(list.size());
        for (int i = 0; i < list.size(); i++) {
            graph.add(i, list.get(i).strength());
        }
        return new Friends(list, graph.endRow().build());
    }

    /** Names by id; deleted users are missing. One statement. */
    Map<UUID, String> names(Collection<UUID> userIds) {
        Map<UUID, String> names = new HashMap<>();
        if (!userIds.isEmpty()) {
            jdbc.sql("select id, name from users where id = any(:ids)")
                    .param("ids", userIds.toArray(UUID[]::new))
                    .query(row -> {
                        names.put(row.getObject("id", UUID.class), row.getString("name"));
                    });
        }
        return names;
    }

    /** The friends' interactions with some venues and with all venues of their categories; row = friendIndex. */
    InteractionMatrix ofFriendsAt(
            UUID userId, Friends friends, Collection<UUID> venueIds, VenueCatalog venues, ScoringProfile profile) {
        return matrixOfMany(
                jdbc.sql(SUMS + """
                        from user_social_edges e
                        join user_venue_interactions i on i.user_id = e.other_user_id
                        join venues v on v.id = i.venue_id
                        where e.user_id = :userId
                          and (i.venue_id = any(:venueIds)
                            or v.category in (select category from venues where id = any(:venueIds)))
                        group by i.user_id, i.venue_id
                        order by i.user_id, i.venue_id
                        """).param("userId", userId).param("venueIds", venueIds.toArray(UUID[]::new)),
                friends.list().stream().map(Friend::id).toList(),
                venues,
                profile);
    }

    /** What all friends of somebody did may be a million rows: outside a transaction the driver would hold them all. */
    private InteractionMatrix matrixOfMany(
            JdbcClient.StatementSpec sums, List<UUID> userIds, VenueCatalog venues, ScoringProfile profile) {
        return reading.execute(status -> matrix(sums.withFetchSize(FETCH_SIZE), userIds, venues, profile));
    }

    /**
     * Row = place in the list of users.
     *
     * @param sums in the order of that list. Users whom the list does not have are left out: friends by now
     */
    private static InteractionMatrix matrix(
            JdbcClient.StatementSpec sums, List<UUID> userIds, VenueCatalog venues, ScoringProfile profile) {
        Map<UUID, Integer> rowOf = new HashMap<>();
        userIds.forEach(userId -> rowOf.put(userId, rowOf.size()));
        InteractionMatrix.Builder matrix = InteractionMatrix.builder(venues.size());
        int[] ended = {0};
        sums.param("positiveTypes", PositiveTypes.of(profile)).query(pair -> {
            Integer row = rowOf.get(pair.getObject("user_id", UUID.class));
            if (row != null) {
                for (; ended[0] < row; ended[0]++) {
                    matrix.endRow();
                }
                add(matrix, pair, venues);
            }
        });
        for (; ended[0] < userIds.size(); ended[0]++) {
            matrix.endRow();
        }
        return matrix.build();
    }

    /** Venues the catalog does not have are newer than it and left out. */
    private static void add(InteractionMatrix.Builder matrix, ResultSet pair, VenueCatalog venues) throws SQLException {
        UUID venueId = pair.getObject("venue_id", UUID.class);
        int venue = venueId == null ? -1 : venues.indexOf(venueId);
        if (venue >= 0) {
            matrix.add(venue, pair.getInt("likes"), pair.getLong("seconds"));
        }
    }
}
