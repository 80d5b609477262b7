package dev.luna.batch.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.luna.batch.database.TestDatabase;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Refresh runs: exactly what a full run with the base's popularity would give, at the cost of what changed. */
@SpringBootTest(
        properties = {
            "luna.recompute.venues-per-user=8",
            "luna.recompute.companions-per-user=5",
            "luna.recompute.companion-venues=4",
            "luna.recompute.companions-per-venue=3",
            "luna.recompute.block-users=8",
            "luna.recompute.chunk-users=8",
            "luna.recompute.threads=2",
            "luna.recompute.lease=3s",
            "luna.recompute.keep-runs=2",
            "luna.recompute.gate.overlap-min=0"
        })
class RefreshIT {

    private static final int USERS = 240;
    private static final int VENUES = 70;
    private static final RunSettings SETTINGS = new RunSettings(8, 5, 4, 3, 8, 8, 2);

    @Autowired
    private Runs runs;

    @Autowired
    private RunVerifier verifier;

    @Autowired
    private DataSource dataSource;

    @Autowired
    private JdbcClient jdbc;

    @Autowired
    private Environment environment;

    @BeforeEach
    void town() {
        TestDatabase.clear(jdbc);
        SmallWorld.create(jdbc, USERS, VENUES);
    }

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
    void soDoesOneAfterWhichAllVenuesAreWhatTheyWere(long seed) throws Exception {
        Run base = run(RunKind.FULL);
        RandomEdits edits = new RandomEdits(jdbc, seed, USERS, VENUES);
        // What rankings do not depend on may change.
        jdbc.sql("update venues set price_level = 4, name = 'Dear ' || name").update();

        for (int hour = 0; hour < 2; hour++) {
            edits.makeOfPeople(5);
            assertAsAFullComputation(run(RunKind.REFRESH), base);
        }
    }

    private void assertAsAFullComputation(Run refresh, Run base) {
        FullComputation full = FullComputation.under(jdbc, base.id(), SETTINGS);
        assertThat(refresh.baseRunId()).isEqualTo(base.id());
        assertThat(refresh.usersTotal()).isEqualTo(full.users());
        assertThat(refresh.edgesTotal()).isEqualTo(count("user_social_edges"));
        assertThat(publishedVenueRanks()).isEqualTo(full.venueRanks());
        assertThat(publishedCompanionRanks()).containsExactlyInAnyOrderElementsOf(full.companionRanks());
        assertThat(refresh.checksum()).isEqualTo(full.checksum());
        assertThat(verifier.verify(refresh.id(), USERS).firstDifference()).isEmpty();
    }

    @Test
    void aMoveConcernsOnlyWhoMoved() throws Exception {
        Run base = run(RunKind.FULL);
        jdbc.sql("update users set home_lat = 48.1, home_lng = 11.1 where id = md5('user6')::uuid")
                .update();

        Run refresh = run(RunKind.REFRESH);

        assertThat(rankedBy(refresh)).containsExactly(user6());
        assertThat(refresh.progress().usersDone()).isEqualTo(1);
        assertThat(refresh.usersTotal()).isEqualTo(USERS);
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

    @Test
    void withoutChangesNobodyIsRankedAnew() throws Exception {
        Run base = run(RunKind.FULL);

        Run refresh = run(RunKind.REFRESH);

        assertThat(refresh.progress().usersDone()).isZero();
        assertThat(refresh.usersTotal()).isEqualTo(USERS);
        assertThat(refresh.checksum()).isEqualTo(base.checksum());
        assertThat(refresh.sentence()).contains("nothing changed since run " + base.id());
        assertThat(publishedVenueRanks())
                .isEqualTo(FullComputation.under(jdbc, base.id(), SETTINGS).venueRanks());
    }

    @Test
    void theInputsOfABaseAreIndexedByUserFromItsFirstRefreshOn() throws Exception {
        Run base = run(RunKind.FULL);
        assertThat(userIndexesOfInputs(base)).isZero();

        run(RunKind.REFRESH);

        assertThat(userIndexesOfInputs(base)).isOne();
    }

    private long userIndexesOfInputs(Run run) {
        return jdbc.sql("""
                        select count(*) from pg_indexes where tablename = :inputs and indexdef like '%(user_id)'
                        """)
                .param("inputs", "run_input_" + run.id())
                .query(Long.class)
                .single();
    }

    @Test
    void aStoppedRefreshEndsAsIfUndisturbed() throws Exception {
        run(RunKind.FULL);
        new RandomEdits(jdbc, 99, USERS, VENUES).make(12);
        Run undisturbed = run(RunKind.REFRESH);
        assertThat(undisturbed.progress().usersDone()).isGreaterThan(64);

        Run stopped;
        try (Brake brake = Brake.at(dataSource, 24)) {
            Run again = runs.start(RunKind.REFRESH, "ada");
            brake.awaitBraked(again.id());
            runs.stop(again.id(), "bob");
            brake.release();
            stopped = runs.await(again.id(), progress -> {});
        }
        assertThat(stopped.state()).as(stopped.sentence()).isEqualTo(RunState.STOPPED);
        jdbc.sql("delete from users where id = md5('user7')::uuid").update();
        Run ended = runs.await(runs.restart(stopped.id(), "bob").id(), progress -> {});

        assertThat(ended.state()).as(ended.sentence()).isEqualTo(RunState.COMPLETED);
        assertThat(ended.checksum()).isEqualTo(undisturbed.checksum());
    }

    @Test
    void aKilledRefreshIsResumedAndEndsAsIfUndisturbed() throws Exception {
        run(RunKind.FULL);
        new RandomEdits(jdbc, 98, USERS, VENUES).make(12);
        Run undisturbed = run(RunKind.REFRESH);

        try (Brake brake = Brake.at(dataSource, 24)) {
            Process process = OtherProcess.runInOwnJvm(RunKind.REFRESH, environment, settings());
            long id = undisturbed.id() + 1;
            brake.awaitBraked(id);
            process.destroyForcibly().waitFor();
            Eventually.holds("the lease lapses", () -> !runs.get(id).owner().live());
            Run resumed = runs.resumeAbandoned().orElseThrow();
            brake.release();
            Run ended = runs.await(resumed.id(), progress -> {});

            assertThat(ended.id()).isEqualTo(id);
            assertThat(ended.state()).as(ended.sentence()).isEqualTo(RunState.COMPLETED);
            assertThat(ended.checksum()).isEqualTo(undisturbed.checksum());
        }
    }

    @Test
    void aRefreshNeedsAPublishedRun() {
        assertThatThrownBy(() -> runs.start(RunKind.REFRESH, "ada"))
                .isInstanceOf(RunRefusedException.class)
                .hasMessageContaining("no run is published yet")
                .hasMessageContaining("luna recompute");
    }

    @Test
    void aRefreshRanksByTheRulesOfItsBaseWhateverIsConfigured() throws Exception {
        ScoringSettings steep =
                new ScoringSettings(null, null, null, 0.4, null, null, null, null, null, null, null, null, null, null);
        Run base;
        try (ConfigurableApplicationContext other = OtherProcess.inThisJvm(
                environment, "luna.recompute.venues-per-user=9", "luna.recompute.gate.overlap-min=0")) {
            Runs others = other.getBean(Runs.class);
            base = others.await(others.start(RunKind.FULL, steep, "eve").id(), progress -> {});
        }
        new RandomEdits(jdbc, 31, USERS, VENUES).make(5);

        Run refresh = run(RunKind.REFRESH);

        assertThat(refresh.baseRunId()).isEqualTo(base.id());
        assertThat(refresh.profile()).containsEntry("decay_per_km", 0.4);
        assertThat(refresh.settings()).containsEntry("venues_per_user", 9).containsEntry("block_users", 8);
        RunVerifier.Verification found = verifier.verify(refresh.id(), USERS);
        assertThat(found.equal()).as(found.firstDifference()).isEqualTo(found.users());
        assertThat(found.users()).isPositive();
        assertThat(runs.await(runs.start(RunKind.REFRESH, steep, "ada").id(), progress -> {})
                        .profile())
                .isEqualTo(refresh.profile());
        assertThatThrownBy(() -> runs.start(
                        RunKind.REFRESH,
                        new ScoringSettings(
                                0.5, null, null, null, null, null, null, null, null, null, null, null, null, null),
                        "ada"))
                .isInstanceOf(RunRefusedException.class)
                .hasMessageContaining("ranks by the profile of run " + base.id())
                .hasMessageContaining("luna recompute --profile");
    }

    @Test
    void refreshesAreKeptWithTheirBaseAndCanBePublishedAgain() throws Exception {
        Run base = run(RunKind.FULL);
        RandomEdits edits = new RandomEdits(jdbc, 97, USERS, VENUES);
        edits.make(3);
        Run first = run(RunKind.REFRESH);
        List<String> seen = publishedVenueRanks();
        edits.make(3);
        run(RunKind.REFRESH);
        edits.make(3);
        run(RunKind.REFRESH);

        // Two of each kind are kept.
        assertThat(runs.get(first.id()).storageDroppedAt()).isNotNull();
        assertThat(runs.get(base.id()).storageDroppedAt()).isNull();
        List<String> before = publishedVenueRanks();
        assertThat(before).isNotEqualTo(seen);
        Run second = runs.get(first.id() + 1);
        Run third = runs.get(first.id() + 2);
        runs.publish(second.id(), "bob", false);
        assertThat(publishedVenueRanks()).isNotEqualTo(before);
        runs.publish(third.id(), "bob", false);
        assertThat(publishedVenueRanks()).isEqualTo(before);

        // Changes that the base has not seen are remembered, until it goes, and its refreshes with it.
        run(RunKind.FULL);
        assertThat(count("user_change")).isPositive();
        run(RunKind.FULL);
        assertThat(runs.get(third.id()).storageDroppedAt()).isNotNull();
        assertThat(runs.get(base.id()).storageDroppedAt()).isNotNull();
        assertThat(count("user_change")).isZero();
    }

    private Run run(RunKind kind) throws InterruptedException {
        Run ended = runs.await(runs.start(kind, "ada").id(), progress -> {});
        assertThat(ended.state()).as(ended.sentence()).isEqualTo(RunState.COMPLETED);
        return ended;
    }

    private static String[] settings() {
        return RefreshIT.class.getAnnotation(SpringBootTest.class).properties();
    }

    private List<String> rankedBy(Run run) {
        return jdbc.sql("select user_id::text from venue_ranking where run_id = :run order by user_id")
                .param("run", run.id())
                .query(String.class)
                .list();
    }

    private List<String> publishedVenueRanks() {
        return jdbc.sql("""
                        select user_id || ' ' || rank || ' ' || venue_id from published_venue_ranking order by user_id, rank
                        """).query(String.class).list();
    }

    private List<String> publishedCompanionRanks() {
        return jdbc.sql("""
                        select user_id || ' ' || coalesce(venue_id::text, 'null') || ' ' || rank || ' ' || companion_id
                        from published_companion_ranking
                        """).query(String.class).list();
    }

    private long count(String table) {
        return jdbc.sql("select count(*) from " + table).query(Long.class).single();
    }
}
