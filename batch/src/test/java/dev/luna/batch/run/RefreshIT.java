package dev.luna.batch.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.flyway.autoconfigure.FlywayMigrationStrategy;

/** Refresh runs: exactly what a full run with the base's popularity would give, at the cost of what changed. */
class RefreshIT extends Refreshing {

    private static final Locale FOREIGN = Locale.forLanguageTag("ar-EG-u-nu-arab");

    @Autowired
    private FlywayMigrationStrategy migration;

    @Autowired
    private Flyway flyway;

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void aRefreshedGenerationEqualsAFullComputation(long seed) throws Exception {
        Run base = run(RunKind.FULL);
        RandomEdits edits = new RandomEdits(jdbc, seed, USERS, VENUES);

        for (int hour = 0; hour < 3; hour++) {
            edits.make(4);
            assertAsAFullComputation(run(RunKind.REFRESH), base);
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {11, 12, 13})
    void aRefreshAfterWhichAllVenuesAreWhatTheyWereEqualsAFullComputation(long seed) throws Exception {
        Run base = run(RunKind.FULL);
        RandomEdits edits = new RandomEdits(jdbc, seed, USERS, VENUES);
        // What rankings do not depend on may change.
        jdbc.sql("update venues set price_level = 4, name = 'Dear ' || name").update();

        for (int hour = 0; hour < 2; hour++) {
            edits.makeOfPeople(5);
            assertAsAFullComputation(run(RunKind.REFRESH), base);
        }
    }

    /** An embedding application may keep its host's, which writes numbers in digits that SQL does not know. */
    @Test
    void runsAreTheSameInEveryLanguage() throws Exception {
        assertThat(String.format(FOREIGN, "%d", 1)).isEqualTo("\u0661");

        Run base = runInAForeignLanguage(RunKind.FULL);
        new RandomEdits(jdbc, 14, USERS, VENUES).make(10);

        assertAsAFullComputation(runInAForeignLanguage(RunKind.REFRESH), base);
    }

    private Run runInAForeignLanguage(RunKind kind) throws Exception {
        Locale before = Locale.getDefault();
        Locale.setDefault(FOREIGN);
        try {
            return run(kind);
        } finally {
            Locale.setDefault(before);
        }
    }

    /** Also between clones of one server. */
    @ParameterizedTest
    @ValueSource(strings = {"1", "system_identifier"})
    void aDatabaseFromADumpMissesNoChange(String origin) throws Exception {
        Run base = run(RunKind.FULL);
        RandomEdits edits = new RandomEdits(jdbc, 9, USERS, VENUES);
        edits.make(2);
        jdbc.sql("update venues set price_level = 4 where id = md5('venue3')::uuid")
                .update();
        // As a dump brings it from a server that has given more numbers than this one ever will.
        jdbc.sql("update run set snapshot = '8000000000:8000000000:'").update();
        jdbc.sql("update user_change set xid = '8000000001'").update();
        jdbc.sql("update venue_change set xid = '8000000001'").update();
        jdbc.sql("update transaction_origin set system_identifier = " + origin).update();
        migration.migrate(flyway);
        assertThat(count("venue_change where not pg_visible_in_snapshot(xid, pg_current_snapshot())"))
                .isZero();

        edits.make(4);

        assertAsAFullComputation(run(RunKind.REFRESH), base);
        run(RunKind.FULL);
        assertThat(rankedBy(run(RunKind.REFRESH)))
                .as("nothing counts as changed for ever")
                .isEmpty();
    }

    @Test
    void aMoveConcernsOnlyWhoMoved() throws Exception {
        Run base = run(RunKind.FULL);
        jdbc.sql("update users set home_lat = 48.1, home_lng = 11.1 where id = md5('user6')::uuid")
                .update();

        Run refresh = run(RunKind.REFRESH);

        assertThat(rankedBy(refresh)).containsExactly(user6());
        assertThat(refresh.progress().usersDone()).isEqualTo(1);
        assertThat(refresh.counts().users()).isEqualTo(USERS);
        assertThat(refresh.checksum()).isNotEqualTo(base.checksum());
        assertThat(staged(refresh)).isEqualTo(1 + friendsOf(List.of(user6())).size());
    }

    /** Of four venues that companions are stored for, those of the same category. */
    @Test
    void aLikeConcernsFriendsWhoCouldGoToSuchAPlace() throws Exception {
        run(RunKind.FULL);
        List<String> concerned = jdbc.sql("""
                        select md5('user6')::uuid::text as id
                        union
                        select e.user_id::text from user_social_edges e
                        join published_venue_ranking r on r.user_id = e.user_id and r.rank <= 4
                        join venues v on v.id = r.venue_id
                        where e.other_user_id = md5('user6')::uuid and v.category = 'category 2'
                        order by id
                        """).query(String.class).list();
        jdbc.sql("""
                        insert into user_venue_interactions (user_id, venue_id, interaction_type)
                        values (md5('user6')::uuid, md5('venue2')::uuid, 'like')
                        """).update();

        Run refresh = run(RunKind.REFRESH);

        long friends = jdbc.sql("select count(*) from user_social_edges where other_user_id = md5('user6')::uuid")
                .query(Long.class)
                .single();
        assertThat(concerned).hasSizeBetween(2, (int) friends);
        assertThat(rankedBy(refresh)).isEqualTo(concerned);
        assertThat(staged(refresh))
                .isEqualTo(concerned.size() + friendsOf(concerned).size());
    }

    private String user6() {
        return jdbc.sql("select md5('user6')::uuid::text").query(String.class).single();
    }

    /** Friends of some users who are none of them. */
    private List<String> friendsOf(List<String> users) {
        return jdbc.sql("""
                        select distinct other_user_id::text from user_social_edges
                        where user_id::text in (:users) and other_user_id::text not in (:users)
                        """).param("users", users).query(String.class).list();
    }

    /** Users whose inputs a run keeps. */
    private long staged(Run run) {
        return count("run_input where run_id = " + run.id());
    }

    @Test
    void aNewVenueConcernsThoseWhoseListItEnters() throws Exception {
        run(RunKind.FULL);
        jdbc.sql("""
                        insert into venues (name, category, lat, lng)
                        select 'New', 'category 1', home_lat, home_lng from users where id = md5('user15')::uuid
                        """).update();

        Run refresh = run(RunKind.REFRESH);

        List<String> listed = jdbc.sql("""
                        select r.user_id::text from published_venue_ranking r join venues v on v.id = r.venue_id
                        where v.name = 'New' order by 1
                        """).query(String.class).list();
        assertThat(listed).hasSizeBetween(1, USERS / 2);
        assertThat(rankedBy(refresh)).isEqualTo(listed);
    }

    /** By nearness and popularity alone it stays behind the eight that he likes as well. */
    @Test
    void aVenueThatMovedConcernsWhoWasThereBefore() throws Exception {
        jdbc.sql("""
                        insert into users (id, handle, name, home_lat, home_lng)
                        values (md5('regular')::uuid, 'regular', 'Regular', 47.1, 10.1)
                        """).update();
        jdbc.sql("""
                        insert into venues (id, name, lat, lng)
                        select md5('haunt' || i)::uuid, 'Haunt ' || i, case i when 9 then -40 else 47.1 end, 10.1
                        from generate_series(1, 9) i
                        """).update();
        jdbc.sql("""
                        insert into user_venue_interactions (user_id, venue_id, interaction_type)
                        select md5('regular')::uuid, md5('haunt' || i)::uuid, 'like'
                        from generate_series(1, 9) i cross join generate_series(1, case i when 9 then 3 else 2 end)
                        """).update();
        Run base = run(RunKind.FULL);

        jdbc.sql("update venues set lat = 47.1 where name = 'Haunt 9'").update();
        Run refresh = run(RunKind.REFRESH);

        assertAsAFullComputation(refresh, base);
        assertThat(rankedBy(refresh))
                .contains(jdbc.sql("select md5('regular')::uuid::text")
                        .query(String.class)
                        .single());
    }

    @Test
    void aNewVenueConcernsEverybodyWhoseListIsNotFull() throws Exception {
        jdbc.sql("delete from venues where id not in (select id from venues order by id limit 5)")
                .update();
        Run base = run(RunKind.FULL);
        jdbc.sql("insert into venues (name, lat, lng) values ('Far away', -40, -170)")
                .update();

        Run refresh = run(RunKind.REFRESH);

        assertThat(rankedBy(refresh)).hasSize(USERS);
        assertAsAFullComputation(refresh, base);
    }

    /** Triggers do not name the rows that are truncated. */
    @Test
    void venuesThatWereEmptiedAndFilledAgainWithoutOneAreOthers() throws Exception {
        Run base = run(RunKind.FULL);
        jdbc.sql("""
                        create temporary table test_venues on commit drop as
                        select * from venues where id not in (
                          select venue_id from published_venue_ranking where user_id = md5('user1')::uuid and rank = 1);
                        truncate venues cascade;
                        insert into venues select * from test_venues
                        """).update();

        assertAsAFullComputation(run(RunKind.REFRESH), base);
    }

    /** A snapshot from before would find no interactions of those whom it ranks. */
    @Test
    void aRefreshWaitsUntilInteractionsThatWereEmptiedAreThereAgain() throws Exception {
        Run base = run(RunKind.FULL);
        new RandomEdits(jdbc, 15, USERS, VENUES).makeOfPeople(5);
        Run refresh;
        try (Connection writer = dataSource.getConnection();
                Statement session = writer.createStatement()) {
            writer.setAutoCommit(false);
            session.execute("create temporary table kept on commit drop as select * from user_venue_interactions");
            session.execute("truncate user_venue_interactions");
            refresh = runs.start(RunKind.REFRESH, "ada");
            Eventually.holds(
                    "the refresh waits",
                    () -> count("pg_locks where not granted and relation = 'user_venue_interactions'::regclass") == 1);
            session.execute("insert into user_venue_interactions select * from kept");
            writer.commit();
        }

        assertAsAFullComputation(runs.await(refresh.id(), progress -> {}), base);
    }

    /** Of one who did nothing and names no friend, so that nothing else tells of him. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "delete from users where id = md5('user117')::uuid",
                "insert into users (handle, name) values ('new', 'New')"
            })
    void aChangeThatWasNotRecordedIsNotMissed(String change) throws Exception {
        Run base = run(RunKind.FULL);
        jdbc.sql("alter table users disable trigger user").update();
        jdbc.sql(change).update();
        jdbc.sql("alter table users enable trigger user").update();

        Run refresh = await(runs.start(RunKind.REFRESH, "ada"));

        assertThat(refresh.state()).isEqualTo(RunState.FAILED);
        assertThat(refresh.sentence())
                .contains("run %d ranks %d users".formatted(base.id(), USERS), "not all changes were recorded");
        assertThat(runs.published().map(Run::id)).contains(base.id());
    }

    @Test
    void withoutChangesNobodyIsRankedAnew() throws Exception {
        Run base = run(RunKind.FULL);

        Run refresh = run(RunKind.REFRESH);

        assertThat(refresh.progress().usersDone()).isZero();
        assertThat(refresh.counts().users()).isEqualTo(USERS);
        assertThat(refresh.checksum()).isEqualTo(base.checksum());
        assertThat(refresh.sentence()).contains("nothing changed since run " + base.id());
        assertThat(publishedVenueRanks())
                .isEqualTo(FullComputation.under(jdbc, base.id(), SETTINGS).venueRanks());
    }

    private List<String> rankedBy(Run run) {
        return jdbc.sql("select user_id::text from venue_ranking where run_id = :run order by user_id")
                .param("run", run.id())
                .query(String.class)
                .list();
    }
}
