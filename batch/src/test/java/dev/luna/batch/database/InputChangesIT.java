package dev.luna.batch.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** Which changes of inputs are recorded, and against which snapshots they count. */
class InputChangesIT {

    private static final TestDatabase DATABASE = TestDatabase.migrated();
    private static final UUID ADA = UUID.fromString("00000000-0000-4000-8000-00000000000a");
    private static final UUID BOB = UUID.fromString("00000000-0000-4000-8000-00000000000b");
    private static final UUID EVE = UUID.fromString("00000000-0000-4000-8000-00000000000e");
    private static final UUID CAFE = UUID.fromString("00000000-0000-4000-8000-0000000000c0");
    private static final UUID DELI = UUID.fromString("00000000-0000-4000-8000-0000000000d0");

    private final JdbcClient jdbc = DATABASE.jdbc();

    @BeforeEach
    void twoPeopleAndTwoVenuesNobodyChangedSince() {
        DATABASE.clear();
        run("insert into users (id, handle, name) values ('ADA', 'ada', 'Ada'), ('BOB', 'bob', 'Bob')");
        run(
                "insert into venues (id, name, lat, lng) values ('CAFE', 'Cafe', 48.1, 11.5), ('DELI', 'Deli', 48.2, 11.5)");
        forget(snapshot());
    }

    @Test
    void aMovedHomeCountsAndAnotherNameDoesNot() {
        run("update users set name = 'Roberta' where id = 'BOB'");
        run("update users set home_lat = 48, home_lng = 11 where id = 'ADA'");

        assertThat(changedUsers()).containsExactly(ADA);
    }

    @Test
    void aUserWithAnotherIdWentAndCame() {
        run("update users set id = '%s' where id = 'BOB'".formatted(EVE));

        assertThat(changedUsers()).containsExactly(BOB, EVE);
    }

    @Test
    void interactionsCountForTheirUserWhetherMadeChangedOrRemoved() {
        String like =
                "insert into user_venue_interactions (user_id, venue_id, interaction_type) values ('ADA', 'CAFE', 'like')";
        run(like);
        assertThat(changedUsers()).containsExactly(ADA);

        forget(snapshot());
        run("update user_venue_interactions set user_id = 'BOB'");
        assertThat(changedUsers()).containsExactly(ADA, BOB);

        forget(snapshot());
        run("delete from user_venue_interactions");
        assertThat(changedUsers()).containsExactly(BOB);
    }

    @Test
    void anEdgeCountsForWhomItStartsFrom() {
        befriend(ADA, BOB);

        assertThat(changedUsers()).containsExactly(ADA);
    }

    @Test
    void aDeletedUserCountsAndSoDoThoseWhoKnewHim() {
        befriend(ADA, BOB);
        forget(snapshot());

        run("delete from users where id = 'BOB'");

        assertThat(changedUsers()).containsExactly(ADA, BOB);
    }

    @Test
    void aDeletedVenueCountsForThoseWhoWereThere() {
        run("insert into user_venue_interactions (user_id, venue_id, interaction_type) values ('ADA', 'CAFE', 'like')");
        forget(snapshot());

        run("delete from venues where id = 'CAFE'");

        assertThat(changedUsers()).containsExactly(ADA);
        assertThat(changedVenuesSince(version() - 1)).containsExactly(CAFE);
    }

    @Test
    void truncatedInteractionsCountForEverybody() {
        run("truncate user_venue_interactions");

        assertThat(changedUsers()).containsExactly(ADA, BOB);
    }

    @Test
    void truncatedUsersCountAsChanged() {
        run("truncate users cascade");

        assertThat(changedUsers()).containsExactly(ADA, BOB);
    }

    @Test
    void readersFindThePublishedRunBesideTheVersion() {
        jdbc.sql("insert into run (kind, requested_by, settings, profile) values ('full', 'ada', '{}', '{}')")
                .update();
        run("insert into published_run (run_id, published_by) select id, 'ada' from run");
        assertThat(readersRun()).contains(publishedRun());

        run("delete from published_run");
        assertThat(readersRun()).isEmpty();
    }

    @Test
    void venuesThatChangedAreFoundByVersion() {
        long before = version();

        run("update venues set name = 'Bar'");
        long between = version();
        run("update venues set name = 'Inn' where id = 'CAFE'");
        run("update venues set name = 'Nothing' where name = 'nobody has this name'");

        assertThat(version()).isEqualTo(before + 2);
        assertThat(changedVenuesSince(before)).containsExactly(CAFE, DELI);
        assertThat(changedVenuesSince(between)).containsExactly(CAFE);
        assertThat(resetVersion()).isLessThanOrEqualTo(before);
    }

    @Test
    void forgettingAndTruncatingSendReadersToStartAnew() {
        run("update venues set name = 'Bar' where id = 'DELI'");
        forget(snapshot());
        assertThat(resetVersion()).isEqualTo(version());
        assertThat(changedVenuesSince(0)).isEmpty();

        run("truncate venues cascade");
        assertThat(resetVersion()).isEqualTo(version());
    }

    @Test
    void forgettingKeepsWhatTheSnapshotHasNotSeen() {
        String before = snapshot();
        befriend(ADA, BOB);

        forget(before);

        assertThat(changedUsers()).containsExactly(ADA);
        assertThat(jdbc.sql("select pg_visible_in_snapshot(xid, cast(? as pg_snapshot)) from user_change")
                        .param(before)
                        .query(Boolean.class)
                        .single())
                .isFalse();
    }

    @Test
    void forgettingKeepsWhatOneOfTheSnapshotsHasNotSeen() {
        run("update venues set name = 'Inn' where id = 'DELI'");
        String before = snapshot();
        befriend(ADA, BOB);
        run("update venues set name = 'Bar' where id = 'DELI'");

        forget(snapshot(), before);
        assertThat(changedUsers()).containsExactly(ADA);
        assertThat(changedVenuesSince(0)).containsExactly(DELI);

        forget();
        assertThat(changedUsers()).containsExactly(ADA);

        forget(snapshot(), snapshot());
        assertThat(changedUsers()).isEmpty();
        assertThat(changedVenuesSince(0)).isEmpty();
    }

    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void forgettingWaitsForNobodyWhoChangesVenuesOrUsers() throws SQLException {
        befriend(ADA, BOB);
        run("update users set home_lat = 48, home_lng = 11 where id = 'BOB'");
        run("update venues set name = 'Bar' where id = 'DELI'");

        try (Connection writer = DATABASE.dataSource().getConnection();
                Statement statement = writer.createStatement()) {
            writer.setAutoCommit(false);
            statement.execute("update venues set name = 'Inn' where name = 'Cafe'");
            statement.execute("update users set home_lat = 49 where handle = 'bob'");
            forget(snapshot());

            assertThat(changedUsers()).containsExactly(BOB);
            assertThat(changedVenuesSince(0)).containsExactly(DELI);
            writer.rollback();
        }
        forget(snapshot());
        assertThat(changedUsers()).isEmpty();
        assertThat(changedVenuesSince(0)).isEmpty();
    }

    @Test
    void usersAreForgottenInPortionsOfTheirIds() {
        befriend(ADA, BOB);
        run("update users set home_lat = 48, home_lng = 11 where id = 'BOB'");
        String forgetOne = "select forget_user_changes(array[pg_current_snapshot()], cast(? as uuid), 1)";

        Optional<UUID> next = jdbc.sql(forgetOne).param(ADA).query(UUID.class).optional();
        assertThat(next).contains(BOB);
        assertThat(changedUsers()).containsExactly(BOB);

        assertThat(jdbc.sql(forgetOne).param(BOB).query(UUID.class).optional()).isEmpty();
        assertThat(changedUsers()).isEmpty();
        assertThat(jdbc.sql(forgetOne).param(ADA).query(UUID.class).optional()).isEmpty();
    }

    @Test
    void changesAreRecordedWhateverTheSearchPath() throws SQLException {
        try (Connection session = DATABASE.dataSource().getConnection()) {
            JdbcClient elsewhere = JdbcClient.create(new SingleConnectionDataSource(session, true));
            elsewhere.sql("set search_path = pg_catalog").update();

            assertThat(changedUsersBy(elsewhere, "delete from public.users where id = 'BOB'"))
                    .containsExactly(BOB);
            assertThat(changedUsersBy(
                            elsewhere, "insert into public.users (id, handle, name) values ('BOB', 'bob', 'Bob')"))
                    .containsExactly(BOB);
            assertThat(changedUsersBy(
                            elsewhere, "update public.users set home_lat = 48, home_lng = 11 where id = 'ADA'"))
                    .containsExactly(ADA);

            assertThat(changedUsersBy(elsewhere, """
                            insert into public.user_venue_interactions (user_id, venue_id, interaction_type)
                            values ('ADA', 'CAFE', 'like')
                            """)).containsExactly(ADA);
            assertThat(changedUsersBy(elsewhere, "update public.user_venue_interactions set dwell_time = 60"))
                    .containsExactly(ADA);
            assertThat(changedUsersBy(elsewhere, "delete from public.user_venue_interactions"))
                    .containsExactly(ADA);
            assertThat(changedUsersBy(elsewhere, "truncate public.user_venue_interactions"))
                    .containsExactly(ADA, BOB);

            assertThat(changedUsersBy(elsewhere, """
                            insert into public.user_social_edges (user_id, other_user_id, relationship_type, strength)
                            values ('ADA', 'BOB', 'friend', 0.5)
                            """)).containsExactly(ADA);
            assertThat(changedUsersBy(elsewhere, "update public.user_social_edges set strength = 1"))
                    .containsExactly(ADA);
            assertThat(changedUsersBy(elsewhere, "delete from public.user_social_edges"))
                    .containsExactly(ADA);
            assertThat(changedUsersBy(elsewhere, "truncate public.user_social_edges"))
                    .containsExactly(ADA, BOB);

            long before = version();
            run(elsewhere, "delete from public.venues where id = 'CAFE'");
            run(elsewhere, "insert into public.venues (id, name, lat, lng) values ('CAFE', 'Cafe', 48.1, 11.5)");
            run(elsewhere, "update public.venues set name = 'Bar' where id = 'DELI'");
            assertThat(version()).isEqualTo(before + 3);
            assertThat(changedVenuesSince(before)).containsExactly(CAFE, DELI);
            run(elsewhere, "truncate public.venues cascade");
            assertThat(resetVersion()).isEqualTo(before + 4);

            assertThat(changedUsersBy(elsewhere, "truncate public.users cascade"))
                    .containsExactly(ADA, BOB);

            run(
                    elsewhere,
                    "insert into public.run (kind, requested_by, settings, profile) values ('full', 'ada', '{}', '{}')");
            run(elsewhere, "insert into public.published_run (run_id, published_by) select id, 'ada' from public.run");
            assertThat(readersRun()).contains(publishedRun());
        }
    }

    /** Otherwise what a person's temporary tables hold would count as Luna's. */
    @Test
    void temporaryTablesOfTheSameNamesAreNotAsked() throws SQLException {
        try (Connection session = DATABASE.dataSource().getConnection()) {
            JdbcClient guest = JdbcClient.create(new SingleConnectionDataSource(session, true));
            guest.sql("create temp table users as select * from public.users where false")
                    .update();
            guest.sql("create temp table user_change as select * from public.user_change")
                    .update();

            run(guest, "truncate public.user_venue_interactions");

            assertThat(changedUsers()).containsExactly(ADA, BOB);
        }
    }

    private List<UUID> changedUsersBy(JdbcClient session, String sql) {
        forget(snapshot());
        run(session, sql);
        return changedUsers();
    }

    private void run(String sql) {
        run(jdbc, sql);
    }

    private static void run(JdbcClient session, String sql) {
        session.sql(sql.replace("ADA", ADA.toString())
                        .replace("BOB", BOB.toString())
                        .replace("CAFE", CAFE.toString())
                        .replace("DELI", DELI.toString()))
                .update();
    }

    private void befriend(UUID user, UUID other) {
        jdbc.sql("""
                        insert into user_social_edges (user_id, other_user_id, relationship_type, strength)
                        values (?, ?, 'friend', 0.5)
                        """).params(user, other).update();
    }

    private String snapshot() {
        return jdbc.sql("select pg_current_snapshot()::text")
                .query(String.class)
                .single();
    }

    private void forget(String... kept) {
        jdbc.sql("""
                        select forget_user_changes(kept, '00000000-0000-0000-0000-000000000000', 10), forget_venue_changes(kept)
                        from (select cast(string_to_array(?, ' ') as pg_snapshot[])) k (kept)
                        """).param(String.join(" ", kept)).query((row, n) -> 1).list();
    }

    private List<UUID> changedUsers() {
        return jdbc.sql("select user_id from user_change order by user_id")
                .query(UUID.class)
                .list();
    }

    private List<UUID> changedVenuesSince(long version) {
        return jdbc.sql("select venue_id from venue_change where version > ? order by venue_id")
                .param(version)
                .query(UUID.class)
                .list();
    }

    private Optional<Long> readersRun() {
        return jdbc.sql("select published_run_id from venue_catalog where published_run_id is not null")
                .query(Long.class)
                .optional();
    }

    private Long publishedRun() {
        return jdbc.sql("select run_id from published_run").query(Long.class).single();
    }

    private long version() {
        return jdbc.sql("select version from venue_catalog").query(Long.class).single();
    }

    private long resetVersion() {
        return jdbc.sql("select reset_version from venue_catalog")
                .query(Long.class)
                .single();
    }
}
