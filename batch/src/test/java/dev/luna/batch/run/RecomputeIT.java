package dev.luna.batch.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.luna.batch.database.TestDatabase;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A whole run on a small town, undisturbed. */
@SpringBootTest
class RecomputeIT {

    private static final int USERS = 700;
    private static final int VENUES = 90;

    @Autowired
    private Runs runs;

    @Autowired
    private RunVerifier verifier;

    @Autowired
    private JdbcClient jdbc;

    @Autowired
    private Environment environment;

    @BeforeEach
    void emptyDatabase() {
        TestDatabase.clear(jdbc);
    }

    @Test
    void everyRankingOfEveryUserEqualsBruteForce() throws Exception {
        SmallWorld.create(jdbc, USERS, VENUES);

        Run run = recompute();

        assertThat(run.state()).as(run.sentence()).isEqualTo(RunState.COMPLETED);
        assertThat(run.published()).isTrue();
        assertThat(verifier.verify(run.id(), USERS)).isEqualTo(new RunVerifier.Verification(USERS, USERS, ""));
    }

    @Test
    void theRunTellsWhatItReadAndHowItWent() throws Exception {
        SmallWorld.create(jdbc, USERS, VENUES);

        Run run = recompute();

        assertThat(run.counts().users()).isEqualTo(USERS);
        assertThat(run.counts().venues()).isEqualTo(VENUES);
        assertThat(run.counts().interactions()).isEqualTo(count("user_venue_interactions"));
        assertThat(run.counts().edges()).isEqualTo(count("user_social_edges"));
        assertThat(run.counts().maxLikes())
                .isEqualTo(jdbc.sql("""
                        select max(likes) from (select count(*) as likes from user_venue_interactions
                                                where interaction_type in ('like', 'interest') group by venue_id) venue
                        """).query(Long.class).single());
        assertThat(run.progress().usersDone()).isEqualTo(USERS);
        assertThat(run.timings())
                .containsOnlyKeys(RunPhase.SNAPSHOT, RunPhase.SCORING, RunPhase.VERIFICATION, RunPhase.PUBLICATION);
        assertThat(run.gate()).isNotEmpty().allMatch(GateCheck::ok);
        assertThat(run.owner()).isNull();
        assertThat(run.storageBytes()).isPositive();
        assertThat(run.publishedBy()).isEqualTo("ada");
        assertThat(run.profile()).containsEntry("decay_per_km", 0.3);
        assertThat(run.settings()).containsEntry("venues_per_user", 50);
    }

    @Test
    void viewsShowTheRankingsToPeopleWhoReadWithSql() throws Exception {
        SmallWorld.create(jdbc, USERS, VENUES);

        Run run = recompute();

        // The score of every row, from its own components and the weights of the standard profile.
        assertThat(jdbc.sql("""
                        select count(*) from published_venue_ranking
                        where run_id = :run
                          and abs(score - (0.4 * spatial_score + 0.4 * preference_score + 0.2 * popularity_score)) < 1e-6
                        """).param("run", run.id()).query(Long.class).single())
                .isEqualTo((long) USERS * 50);
        assertThat(jdbc.sql("""
                        select count(*) from published_venue_ranking r
                        join published_venue_ranking b on b.user_id = r.user_id and b.rank = r.rank - 1
                        where r.score > b.score or (r.score = b.score and r.venue_id = b.venue_id)
                        """).query(Long.class).single()).isZero();
        // Companions in general, straight from the edges.
        assertThat(jdbc.sql("""
                        with expected as (
                          select user_id, other_user_id,
                                 row_number() over (partition by user_id order by strength desc, other_user_id) as rank
                          from user_social_edges)
                        select count(*) from (
                          (select user_id, other_user_id, rank from expected where rank <= 20
                           except
                           select user_id, companion_id, rank from published_companion_ranking where venue_id is null)
                          union all
                          (select user_id, companion_id, rank from published_companion_ranking where venue_id is null
                           except
                           select user_id, other_user_id, rank from expected where rank <= 20)) difference
                        """).query(Long.class).single()).isZero();
        // Companions are ranked at exactly the first ten venues of everyone who has friends.
        assertThat(jdbc.sql("""
                        select count(*) from (
                          select v.user_id, v.venue_id from published_venue_ranking v
                          where v.rank <= 10 and exists (select from user_social_edges e where e.user_id = v.user_id)
                          except
                          select c.user_id, c.venue_id from published_companion_ranking c) missing
                        """).query(Long.class).single()).isZero();
    }

    /** The suite runs on several JDKs and PostgreSQLs: this town's checksum is the same on all of them. */
    @Test
    void theChecksumDoesNotDependOnThreadsPortionsOrTheJavaAtHand() throws Exception {
        SmallWorld.create(jdbc, USERS, VENUES);
        Run run = recompute();
        assertThat(run.checksum()).isEqualTo(0x7ab0c6331a3e4a8eL);

        for (List<String> settings : List.of(
                List.of("threads=1", "block-users=700", "chunk-users=700"),
                List.of("threads=2", "block-users=7", "chunk-users=21"),
                List.of("threads=8", "block-users=16", "chunk-users=16"))) {
            try (ConfigurableApplicationContext other = OtherProcess.inThisJvm(
                    environment,
                    settings.stream()
                            .map(setting -> "luna.recompute." + setting)
                            .toArray(String[]::new))) {
                Runs others = other.getBean(Runs.class);
                Run again = others.await(others.start(RunKind.FULL, "ada").id(), progress -> {});
                assertThat(again.checksum()).as(settings.toString()).isEqualTo(run.checksum());
            }
        }
    }

    @Test
    void anEmptyDatabaseIsRefusedWithTheWayOut() {
        assertThatThrownBy(() -> runs.start(RunKind.FULL, "ada"))
                .isInstanceOf(RunRefusedException.class)
                .hasMessageContaining("no users or no venues")
                .hasMessageContaining("luna import");
        assertThat(runs.list(RunFilter.ALL, null, 10)).isEmpty();
    }

    private Run recompute() throws InterruptedException {
        return runs.await(runs.start(RunKind.FULL, "ada").id(), progress -> {});
    }

    private long count(String table) {
        return jdbc.sql("select count(*) from " + table).query(Long.class).single();
    }
}
