package dev.luna.batch.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.luna.batch.database.TestDatabase;
import dev.luna.batch.scoring.InteractionMatrix;
import dev.luna.batch.scoring.ScoringProfile;
import java.sql.Connection;
import java.sql.Statement;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SnapshotReaderIT {

    private static final TestDatabase database = TestDatabase.migrated();

    private static final UUID ADA = UUID.fromString("00000000-0000-0000-0000-00000000000a");
    private static final UUID BOB = UUID.fromString("00000000-0000-0000-0000-00000000000b");
    /** Above all others as text and as PostgreSQL orders, but below them as a signed number. */
    private static final UUID EVE = UUID.fromString("ffffffff-0000-0000-0000-00000000000e");

    private static final UUID CAFE = UUID.fromString("10000000-0000-0000-0000-000000000001");
    private static final UUID PIER = UUID.fromString("90000000-0000-0000-0000-000000000002");

    private final SnapshotReader reader = new SnapshotReader(database.dataSource());

    @BeforeEach
    void town() {
        database.clear();
        user(EVE, "eve", null);
        user(BOB, "bob", 1.5);
        user(ADA, "ada", 2.5);
        venue(PIER, null);
        venue(CAFE, "coffee");
    }

    @Test
    void usersAndVenuesAreNumberedInIdOrder() {
        Snapshot snapshot = reader.read(ScoringProfile.standard());

        assertThat(snapshot.users()).isEqualTo(3);
        assertThat(new UUID(snapshot.userIdHigh()[0], snapshot.userIdLow()[0])).isEqualTo(ADA);
        assertThat(new UUID(snapshot.userIdHigh()[1], snapshot.userIdLow()[1])).isEqualTo(BOB);
        assertThat(new UUID(snapshot.userIdHigh()[2], snapshot.userIdLow()[2])).isEqualTo(EVE);
        assertThat(snapshot.homeLat()).containsExactly(2.5, 1.5, Double.NaN);
        assertThat(snapshot.catalog().id(0)).isEqualTo(CAFE);
        assertThat(snapshot.catalog().id(1)).isEqualTo(PIER);
        assertThat(snapshot.categories()).containsExactly("coffee", null);
    }

    @Test
    void interactionsAreSummedPerUserAndVenue() {
        interaction(ADA, PIER, "view", 20);
        interaction(ADA, CAFE, "like", null);
        interaction(ADA, CAFE, "interest", 30);
        interaction(ADA, CAFE, "view", 0);
        interaction(ADA, CAFE, "view", Integer.MAX_VALUE);
        interaction(EVE, CAFE, "like", 7);

        Snapshot snapshot = reader.read(ScoringProfile.standard());

        InteractionMatrix interactions = snapshot.interactions();
        assertThat(snapshot.interactionCount()).isEqualTo(6);
        assertThat(interactions.entries()).isEqualTo(3);
        int adaAtCafe = interactions.entry(0, 0);
        assertThat(interactions.likes(adaAtCafe)).isEqualTo(2);
        assertThat(interactions.seconds(adaAtCafe)).as("saturated").isEqualTo(Integer.MAX_VALUE);
        int adaAtPier = interactions.entry(0, 1);
        assertThat(interactions.likes(adaAtPier)).isZero();
        assertThat(interactions.seconds(adaAtPier)).isEqualTo(20);
        assertThat(interactions.offset(2) - interactions.offset(1))
                .as("Bob did nothing")
                .isZero();
        assertThat(snapshot.catalog().likes(0)).isEqualTo(3);
        assertThat(snapshot.catalog().maxLikes()).isEqualTo(3);
    }

    @Test
    void edgesAreOrderedByFriend() {
        edge(ADA, EVE, 0.25);
        edge(ADA, BOB, 1);
        edge(EVE, ADA, 0);

        Snapshot snapshot = reader.read(ScoringProfile.standard());

        assertThat(snapshot.graph().degree(0)).isEqualTo(2);
        assertThat(snapshot.graph().friend(0)).isEqualTo(1);
        assertThat(snapshot.graph().strength(0)).isEqualTo(1);
        assertThat(snapshot.graph().friend(1)).isEqualTo(2);
        assertThat(snapshot.graph().strength(1)).isEqualTo(0.25);
        assertThat(snapshot.graph().degree(1)).isZero();
        assertThat(snapshot.graph().degree(2)).isEqualTo(1);
    }

    @Test
    void aWriteThatArrivesMeanwhileIsInForNobody() throws Exception {
        interaction(ADA, CAFE, "like", null);
        CompletableFuture<Snapshot> read;
        try (Connection writer = database.dataSource().getConnection();
                Statement statement = writer.createStatement()) {
            writer.setAutoCommit(false);
            // The reader gets as far as the edges, having read everything before them, and waits for this lock.
            statement.execute("lock table user_social_edges in access exclusive mode");
            read = CompletableFuture.supplyAsync(() -> reader.read(ScoringProfile.standard()));
            while (database.jdbc()
                            .sql(
                                    "select count(*) from pg_locks where not granted and relation = 'user_social_edges'::regclass")
                            .query(Long.class)
                            .single()
                    == 0) {
                Thread.onSpinWait();
            }
            statement.execute("insert into users (id, handle, name) values (gen_random_uuid(), 'zoe', 'Zoe')");
            statement.execute("insert into user_venue_interactions (user_id, venue_id, interaction_type) select id, '"
                    + CAFE + "', 'like' from users");
            statement.execute("insert into user_social_edges (user_id, other_user_id, relationship_type, strength) "
                    + "select id, '" + ADA + "', 'friend', 1 from users where handle <> 'ada'");
            writer.commit();
        }

        Snapshot before = read.join();
        Snapshot after = reader.read(ScoringProfile.standard());

        assertThat(before.users()).isEqualTo(3);
        assertThat(before.interactionCount()).isEqualTo(1);
        assertThat(before.graph().edges()).isZero();
        assertThat(after.users()).isEqualTo(4);
        assertThat(after.interactionCount()).isEqualTo(5);
        assertThat(after.graph().edges()).isEqualTo(3);
    }

    private static void user(UUID id, String handle, Double home) {
        database.jdbc()
                .sql("insert into users (id, handle, name, home_lat, home_lng) values (?, ?, ?, ?, ?)")
                .params(id, handle, handle, home, home)
                .update();
    }

    private static void venue(UUID id, String category) {
        database.jdbc()
                .sql("insert into venues (id, name, category, lat, lng) values (?, 'venue', ?, 1, 1)")
                .params(id, category)
                .update();
    }

    private static void interaction(UUID user, UUID venue, String type, Integer dwell) {
        database.jdbc()
                .sql(
                        "insert into user_venue_interactions (user_id, venue_id, interaction_type, dwell_time) values (?, ?, ?, ?)")
                .params(user, venue, type, dwell)
                .update();
    }

    private static void edge(UUID user, UUID other, double strength) {
        database.jdbc()
                .sql(
                        "insert into user_social_edges (user_id, other_user_id, relationship_type, strength) values (?, ?, 'friend', ?)")
                .params(user, other, strength)
                .update();
    }
}
