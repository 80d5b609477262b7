package dev.luna.batch.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What the seven tables refuse, and what goes with what. */
class SchemaIT {

    private static final TestDatabase DATABASE = TestDatabase.migrated();
    private static final UUID ADA = UUID.fromString("00000000-0000-4000-8000-00000000000a");
    private static final UUID BOB = UUID.fromString("00000000-0000-4000-8000-00000000000b");
    private static final UUID CAFE = UUID.fromString("00000000-0000-4000-8000-0000000000c0");
    private static final UUID DINNER = UUID.fromString("00000000-0000-4000-8000-0000000000d0");

    private final JdbcClient jdbc = DATABASE.jdbc();

    @BeforeEach
    void twoPeopleAndOneVenue() {
        DATABASE.clear();
        run("insert into users (id, handle, name) values ('" + ADA + "', 'ada', 'Ada'), ('" + BOB + "', 'bob', 'Bob')");
        run("insert into venues (id, name, lat, lng) values ('" + CAFE + "', 'Cafe', 48.1, 11.5)");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            users_handle_key                               | users (handle, name) values ('ada', 'Another')
            users_handle_check                             | users (handle, name) values ('', 'Cyd')
            users_name_check                               | users (handle, name) values ('cyd', '')
            users_age_check                                | users (handle, name, age) values ('cyd', 'Cyd', -1)
            users_home_lat_check                           | users (handle, name, home_lat, home_lng) values ('cyd', 'Cyd', 90.1, 0)
            users_home_lat_check                           | users (handle, name, home_lat, home_lng) values ('cyd', 'Cyd', 'NaN', 0)
            users_home_lng_check                           | users (handle, name, home_lat, home_lng) values ('cyd', 'Cyd', 0, -180.1)
            users_home_check                               | users (handle, name, home_lat) values ('cyd', 'Cyd', 1)
            venues_lat_check                               | venues (name, lat, lng) values ('Bar', 91, 0)
            venues_lng_check                               | venues (name, lat, lng) values ('Bar', 0, 'Infinity')
            venues_price_level_check                       | venues (name, lat, lng, price_level) values ('Bar', 0, 0, 5)
            venues_rating_check                            | venues (name, lat, lng, rating) values ('Bar', 0, 0, 5.1)
            user_venue_interactions_interaction_type_check | user_venue_interactions (user_id, venue_id, interaction_type) values ('ADA', 'CAFE', 'love')
            user_venue_interactions_dwell_time_check       | user_venue_interactions (user_id, venue_id, interaction_type, dwell_time) values ('ADA', 'CAFE', 'view', -1)
            user_venue_interactions_venue_id_fkey          | user_venue_interactions (user_id, venue_id, interaction_type) values ('ADA', 'ADA', 'view')
            user_social_edges_self_check                   | user_social_edges (user_id, other_user_id, relationship_type, strength) values ('ADA', 'ADA', 'friend', 1)
            user_social_edges_strength_check               | user_social_edges (user_id, other_user_id, relationship_type, strength) values ('ADA', 'BOB', 'friend', 1.01)
            user_social_edges_relationship_type_check      | user_social_edges (user_id, other_user_id, relationship_type, strength) values ('ADA', 'BOB', 'enemy', 1)
            plans_status_check                             | plans (organizer_id, venue_id, start_time, status) values ('ADA', 'CAFE', now(), 'done')
            """)
    void badRowsAreRefusedByName(String constraint, String insert) {
        String sql = "insert into "
                + insert.replace("ADA", ADA.toString())
                        .replace("BOB", BOB.toString())
                        .replace("CAFE", CAFE.toString());

        assertThatThrownBy(() -> run(sql))
                .isInstanceOf(DataIntegrityViolationException.class)
                .hasMessageContaining("\"" + constraint + "\"");
    }

    @Test
    void anOrderedPairHasOneEdge() {
        befriend(ADA, BOB);
        befriend(BOB, ADA);

        assertThatThrownBy(() -> befriend(ADA, BOB)).hasMessageContaining("\"user_social_edges_pair_key\"");
    }

    @Test
    void whatDescribesAPersonGoesWithThePerson() {
        befriend(ADA, BOB);
        befriend(BOB, ADA);
        like(ADA);
        like(BOB);
        planDinner(BOB);
        run("insert into plan_participants (plan_id, user_id) values ('" + DINNER + "', '" + ADA + "')");

        run("delete from users where id = '" + ADA + "'");

        assertThat(count("user_social_edges")).isZero();
        assertThat(count("user_venue_interactions")).isEqualTo(1);
        assertThat(count("plan_participants")).isZero();
        assertThat(count("plans")).isEqualTo(1);
    }

    @Test
    void anOrganizerOrAPlannedVenueCannotBeDeletedBeforeThePlan() {
        planDinner(ADA);

        assertThatThrownBy(() -> run("delete from users where id = '" + ADA + "'"))
                .hasMessageContaining("\"plans_organizer_id_fkey\"");
        assertThatThrownBy(() -> run("delete from venues where id = '" + CAFE + "'"))
                .hasMessageContaining("\"plans_venue_id_fkey\"");

        run("delete from plans");
        assertThat(run("delete from venues where id = '" + CAFE + "'")).isEqualTo(1);
    }

    @Test
    void aVenueTakesItsInteractionsAlong() {
        like(ADA);

        run("delete from venues where id = '" + CAFE + "'");

        assertThat(count("user_venue_interactions")).isZero();
    }

    @Test
    void aPersonIsInAPlanOnce() {
        planDinner(ADA);
        String invite = "insert into plan_participants (plan_id, user_id) values ('" + DINNER + "', '" + BOB + "')";
        run(invite);

        assertThatThrownBy(() -> run(invite)).hasMessageContaining("\"plan_participants_plan_user_key\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"requested", "confirmed", "cancel_requested"})
    void aPlanHasOneLiveBookingAndAnyNumberOfEndedOnes(String live) {
        planDinner(ADA);
        book("failed");
        book("cancelled");
        book(live);

        assertThatThrownBy(() -> book("requested")).hasMessageContaining("\"bookings_one_live_per_plan_idx\"");
        assertThatThrownBy(() -> run("delete from plans")).hasMessageContaining("\"bookings_plan_id_fkey\"");
    }

    @Test
    void everyChangeOfVenuesAdvancesTheCatalogVersion() {
        long before = catalogVersion();

        run("update venues set name = 'Bar'");
        run("delete from venues");

        assertThat(catalogVersion()).isEqualTo(before + 2);
    }

    private int run(String sql) {
        return jdbc.sql(sql).update();
    }

    private long count(String table) {
        return jdbc.sql("select count(*) from " + table).query(Long.class).single();
    }

    private long catalogVersion() {
        return jdbc.sql("select version from venue_catalog").query(Long.class).single();
    }

    private void befriend(UUID user, UUID other) {
        jdbc.sql("""
                        insert into user_social_edges (user_id, other_user_id, relationship_type, strength)
                        values (?, ?, 'friend', 0.5)
                        """).params(user, other).update();
    }

    private void like(UUID user) {
        jdbc.sql("insert into user_venue_interactions (user_id, venue_id, interaction_type) values (?, ?, 'like')")
                .params(user, CAFE)
                .update();
    }

    private void planDinner(UUID organizer) {
        jdbc.sql("insert into plans (id, organizer_id, venue_id, start_time) values (?, ?, ?, '2026-05-01 19:00Z')")
                .params(DINNER, organizer, CAFE)
                .update();
    }

    private void book(String status) {
        jdbc.sql("""
                        insert into bookings (plan_id, provider, status, venue_id, venue_name, venue_lat, venue_lng,
                                              start_time, organizer_name)
                        values (?, 'sandbox', ?, ?, 'Café', 1, 2, '2026-05-01 19:00Z', 'Ada')
                        """).params(DINNER, status, CAFE).update();
    }
}
