package dev.luna.batch.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.luna.batch.database.TestDatabase;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What readers see, what the gate holds back, how to go back, and what is kept. */
@SpringBootTest(
        properties = {
            "luna.recompute.keep-runs=2",
            "luna.recompute.gate.overlap-min=0.8",
            "luna.recompute.gate.users-covered-min=0.98",
            "luna.recompute.gate.rows-min=0.98",
            "luna.recompute.gate.size-min=0.5",
            "luna.recompute.block-users=16",
            "luna.recompute.chunk-users=16"
        })
class PublicationIT {

    private static final int USERS = 200;

    @Autowired
    private Runs runs;

    @Autowired
    private DataSource dataSource;

    @Autowired
    private JdbcClient jdbc;

    @BeforeEach
    void town() {
        TestDatabase.clear(jdbc);
        SmallWorld.create(jdbc, USERS, 80);
    }

    @Test
    void readersSeeTheRunBeforeInFullUntilTheSwitch() throws Exception {
        Run first = recompute();
        jdbc.sql("delete from users where id = md5('user5')::uuid").update();
        AtomicBoolean ended = new AtomicBoolean();
        AtomicLong wrong = new AtomicLong();
        Set<Long> seen = new ConcurrentSkipListSet<>();
        Thread reader = new Thread(() -> {
            while (!ended.get()) {
                jdbc.sql("""
                                select p.run_id, n.users_total, n.venues_total, count(r.user_id) as users,
                                       coalesce(sum(length(r.ranking)), 0) as bytes
                                from published_run p
                                join run n on n.id = p.run_id
                                left join venue_ranking r on r.run_id = p.run_id
                                group by 1, 2, 3
                                """).query(row -> {
                    seen.add(row.getLong("run_id"));
                    long users = row.getLong("users_total");
                    if (row.getLong("users") != users || row.getLong("bytes") != users * 50 * 16) {
                        wrong.incrementAndGet();
                    }
                });
            }
        });

        Run second;
        try (Brake brake = Brake.at(dataSource, 32)) {
            Run run = runs.start(RunKind.FULL, "ada");
            reader.start();
            brake.awaitBraked(run.id());
            assertThat(runs.published().map(Run::id)).contains(first.id());
            brake.release();
            second = runs.await(run.id(), progress -> {});
        } finally {
            Eventually.holds("the reader saw something", () -> !seen.isEmpty());
            ended.set(true);
            reader.join();
        }

        assertThat(wrong).hasValue(0);
        assertThat(seen).contains(first.id()).isSubsetOf(first.id(), second.id());
        assertThat(runs.published().map(Run::id)).contains(second.id());
    }

    @Test
    void aRunThatChangesTooMuchIsHeldUntilSomebodyPublishesIt() throws Exception {
        Run first = recompute();
        moveEverybody();

        Run held = recompute();

        assertThat(held.state()).as(held.sentence()).isEqualTo(RunState.HELD);
        assertThat(held.gate()).filteredOn(check -> !check.ok()).singleElement().satisfies(check -> {
            assertThat(check.name()).isEqualTo("overlap_at_10");
            assertThat(check.value()).isLessThan(0.8);
            assertThat(check.min()).isEqualTo(0.8);
        });
        assertThat(held.sentence())
                .contains("of the first 10 venues")
                .contains("luna runs publish " + held.id() + " --force");
        assertThat(runs.published().map(Run::id)).contains(first.id());
        assertThatThrownBy(() -> runs.publish(held.id(), "bob", false))
                .isInstanceOf(RunRefusedException.class)
                .hasMessageContaining("--force");

        Run forced = runs.publish(held.id(), "bob", true);

        assertThat(forced.published()).isTrue();
        assertThat(forced.state()).isEqualTo(RunState.COMPLETED);
        assertThat(forced.publishedBy()).isEqualTo("bob");
        assertThat(forced.forcedBy()).isEqualTo("bob");
        assertThat(forced.forcedAt()).isNotNull();
        assertThat(forced.sentence()).contains("bob forced it past the gate at");
        runs.publish(first.id(), "carol", false);
        assertThat(runs.publish(held.id(), "carol", false).forcedBy()).isEqualTo("bob");
        assertThat(forced.gate()).anyMatch(check -> !check.ok());
    }

    @Test
    void howManyUsersARunMayMissIsASetting() throws Exception {
        // 4 of 200 users are 2 %; none of them is in the brute-force sample, which takes every 6th or 7th position from
        // 0.
        Run passed = recomputeLosingUsersAt("1, 2, 3, 4");
        assertThat(passed.state()).as(passed.sentence()).isEqualTo(RunState.COMPLETED);

        Run held = recomputeLosingUsersAt("1, 2, 3, 4, 5");

        assertThat(held.state()).isEqualTo(RunState.HELD);
        assertThat(held.gate())
                .filteredOn(check -> !check.ok())
                .extracting(GateCheck::name)
                .containsExactly("users_covered", "rows");
        assertThat(held.sentence())
                .contains("195 of 200 users have ranked venues (expected at least 98.0 %)")
                .contains("9,750 of 10,000 ranked venues are stored");
    }

    @Test
    void howSmallARunMayBeBesideThePublishedOneIsASetting() throws Exception {
        recompute();
        jdbc.sql("delete from users where id in (select id from users order by id limit 101)")
                .update();

        Run held = recompute();

        assertThat(held.state()).isEqualTo(RunState.HELD);
        assertThat(held.gate())
                .filteredOn(check -> check.name().equals("size"))
                .singleElement()
                .satisfies(check -> {
                    // 99 of 200 users.
                    assertThat(check.value()).isEqualTo(0.495);
                    assertThat(check.ok()).isFalse();
                    assertThat(check.detail())
                            .contains("4,950 ranked venues are 0.495 times the 10,000 of the published run");
                });
    }

    @Test
    void aStoredScoreOutOfOrderHoldsTheRunBack() throws Exception {
        // The first score of one user, who is not in the brute-force sample: 0.0625, below the next one; then NaN.
        for (String score : List.of("3d800000", "7fc00000")) {
            Run held = recomputeSpoiling("""
                    update venue_ranking_%%1$s set ranking = overlay(ranking placing ''\\x%s''::bytea from 5)
                    where user_id = (select user_id from run_input_%%1$s where position = 1)
                    """.formatted(score));

            assertThat(held.state()).as(held.sentence()).isEqualTo(RunState.HELD);
            assertThat(held.gate())
                    .filteredOn(check -> !check.ok())
                    .extracting(GateCheck::name)
                    .containsExactly("scores_finite_and_ordered");
            assertThat(held.sentence()).contains("199 of 200 rankings read back");
        }
    }

    @Test
    void aStoredScoreThatBruteForceDoesNotConfirmHoldsTheRunBack() throws Exception {
        // The last score of a user in the sample becomes 0: still in order, but wrong.
        Run held = recomputeSpoiling("""
                update venue_ranking_%1$s set ranking = overlay(ranking placing ''\\x00000000''::bytea from length(ranking) - 11)
                where user_id = (select user_id from run_input_%1$s where position = 0)
                """);

        assertThat(held.state()).as(held.sentence()).isEqualTo(RunState.HELD);
        assertThat(held.gate())
                .filteredOn(check -> !check.ok())
                .extracting(GateCheck::name)
                .containsExactly("brute_force_sample");
        assertThat(held.sentence()).contains("31 of 32 sampled users have exactly the rankings of brute force");
    }

    private Run recomputeLosingUsersAt(String positions) throws InterruptedException {
        return recomputeSpoiling("""
                delete from venue_ranking_%%1$s where user_id in (
                  select user_id from run_input_%%1$s where position in (%s))
                """.formatted(positions));
    }

    /** @param damage SQL that is done between scoring and verification, in a quoted text where {@code %1$s} is the run's id */
    private Run recomputeSpoiling(String damage) throws InterruptedException {
        jdbc.sql("""
                        create or replace function test_damage() returns trigger language plpgsql as $$
                        begin
                          execute format('%s', new.id);
                          return new;
                        end
                        $$
                        """.formatted(damage)).update();
        jdbc.sql("""
                        create trigger test_damage before update on run for each row
                        when (new.phase = 'verification' and old.phase = 'scoring') execute function test_damage()
                        """).update();
        try {
            return recompute();
        } finally {
            jdbc.sql("drop trigger test_damage on run").update();
        }
    }

    @Test
    void aKeptRunCanBePublishedAgainAtOnce() throws Exception {
        Run first = recompute();
        Run second = recompute();
        assertThat(runs.published().map(Run::id)).contains(second.id());

        Run again = runs.publish(first.id(), "bob", false);

        assertThat(again.published()).isTrue();
        assertThat(again.publishedBy()).isEqualTo("bob");
        assertThat(runs.get(second.id()).published()).isFalse();
        assertThat(runs.get(second.id()).publishable()).isTrue();
        assertThat(jdbc.sql("select count(distinct user_id) from published_venue_ranking where run_id = :run")
                        .param("run", first.id())
                        .query(Long.class)
                        .single())
                .isEqualTo(USERS);
    }

    @Test
    void storageIsKnownAhead() throws Exception {
        RunStorage before = runs.storage();
        assertThat(before.runs()).isZero();
        assertThat(before.measured()).isFalse();
        // 50 ranked venues of 16 bytes for each of 200 users, in two kept runs.
        assertThat(before.expectedBytes()).isEqualTo(50L * 16 * USERS * 2);

        Run run = recompute();

        RunStorage after = runs.storage();
        assertThat(after.runs()).isEqualTo(1);
        assertThat(after.measured()).isTrue();
        assertThat(after.bytes()).isEqualTo(run.storageBytes()).isPositive();
        assertThat(after.bytesPerUser()).isEqualTo(run.storageBytes() / USERS);
        assertThat(after.expectedBytes()).isEqualTo(after.bytesPerUser() * USERS * 2);
    }

    @Test
    void onlyTheNewestRunsAreKept() throws Exception {
        Run first = recompute();
        Run second = recompute();
        assertThat(runs.get(first.id()).storageDroppedAt()).isNull();
        Run third = recompute();

        assertThat(runs.get(first.id()).storageDroppedAt()).isNotNull();
        assertThat(runs.get(first.id()).sentence()).contains("its rankings were dropped");
        assertThat(runs.get(second.id()).storageDroppedAt()).isNull();
        assertThat(runs.list(null, 10)).extracting(Run::id).containsExactly(third.id(), second.id(), first.id());
        assertThat(jdbc.sql("select count(*) from pg_class where relname like '%\\_' || :id and relkind = 'r'")
                        .param("id", first.id())
                        .query(Long.class)
                        .single())
                .isZero();
        assertThat(jdbc.sql("select count(*) from batch_job_instance")
                        .query(Long.class)
                        .single())
                .isEqualTo(2);
        assertThatThrownBy(() -> runs.publish(first.id(), "bob", false))
                .isInstanceOf(RunRefusedException.class)
                .hasMessageContaining("its rankings were dropped");
    }

    @Test
    void thePublishedRunIsKeptHoweverOldItIs() throws Exception {
        Run first = recompute();
        Run second = recompute();
        runs.publish(first.id(), "bob", false);
        jdbc.sql("update users set home_lat = home_lat + 0.0001 where home_lat < 80")
                .update();
        Run third = recompute();

        // Three is published now, so one and two are what may be dropped, and of them the older.
        assertThat(third.published()).isTrue();
        assertThat(runs.get(first.id()).storageDroppedAt()).isNotNull();
        assertThat(runs.get(second.id()).storageDroppedAt()).isNull();

        runs.publish(second.id(), "bob", false);
        moveEverybody();
        Run held = recompute();
        assertThat(held.state()).isEqualTo(RunState.HELD);
        assertThat(runs.get(second.id()).storageDroppedAt()).isNull();
        assertThat(runs.get(third.id()).storageDroppedAt()).isNull();
    }

    @Test
    void aLongReaderIsNotHeldUpAndTheOldRunGoesLater() throws Exception {
        Run first = recompute();
        recompute();
        try (Connection reader = dataSource.getConnection();
                Statement statement = reader.createStatement()) {
            reader.setAutoCommit(false);
            statement.execute("select count(*) from venue_ranking");

            Run third = recompute();

            assertThat(third.state()).isEqualTo(RunState.COMPLETED);
            assertThat(runs.get(first.id()).storageDroppedAt()).isNull();
            reader.rollback();
        }

        recompute();

        assertThat(runs.get(first.id()).storageDroppedAt()).isNotNull();
    }

    private Run recompute() throws InterruptedException {
        return runs.await(runs.start(RunKind.FULL, "ada").id(), progress -> {});
    }

    private void moveEverybody() {
        jdbc.sql("""
                        update users set home_lat = 48.25 - (home_lat - 48), home_lng = 11.47 - (home_lng - 11)
                        where home_lat < 60 and home_lng < 30
                        """).update();
        jdbc.sql("delete from user_venue_interactions").update();
    }
}
