package dev.luna.batch.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What the gate holds back, and how it is published all the same. */
class PublishGateIT extends Publishing {

    @Test
    void aRunThatChangesTooMuchIsHeldUntilSomebodyPublishesIt() throws Exception {
        Run first = recompute();
        moveEverybody();

        Run held = recompute();

        assertThat(held.state()).as(held.sentence()).isEqualTo(RunState.HELD);
        assertThat(held.finishedAt()).isAfter(held.createdAt());
        assertThat(held.timings()).containsKey(RunPhase.VERIFICATION);
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
        assertThatThrownBy(() -> runs.restart(held.id(), "bob"))
                .isInstanceOf(RunRefusedException.class)
                .hasMessageStartingWith(
                        "Run %d is complete but held; publish it with `luna runs publish %d --force`",
                        held.id(), held.id());

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

    /** As after a connection that was lost before the commit was answered: the step is done again. */
    @Test
    void aRunThatIsJudgedAgainStaysAsItIs(
            @Autowired PublishGate gate, @Autowired RunLease lease, @Autowired PlatformTransactionManager transactions)
            throws Exception {
        TransactionTemplate transaction = new TransactionTemplate(transactions);
        recompute();
        moveEverybody();
        Run held = recompute();
        assertThat(held.state()).as(held.sentence()).isEqualTo(RunState.HELD);

        Claim claim = transaction.execute(tx -> lease.take(held.id()));
        Run before = runs.get(held.id());
        transaction.executeWithoutResult(tx -> gate.judge(claim, () -> false));
        assertThat(runs.get(held.id())).isEqualTo(before);

        Run forced = runs.publish(held.id(), "bob", true);
        transaction.executeWithoutResult(tx -> gate.judge(claim, () -> false));
        assertThat(runs.get(held.id())).isEqualTo(forced);
        lease.release(claim);
    }

    @Test
    void aRefreshIsJudgedByEverybodyAndNotOnlyByThoseItRanks(@Autowired RunDiffs diffs) throws Exception {
        Run base = recompute();
        moveFour();

        Run refresh = run(RunKind.REFRESH);

        assertThat(refresh.state()).as(refresh.sentence()).isEqualTo(RunState.COMPLETED);
        assertThat(overlap(refresh)).satisfies(check -> {
            // 4 of 200 are others now, more or less; the rest keep what they have.
            assertThat(check.value())
                    .isBetween(0.98, 0.9999)
                    .isEqualTo(diffs.compare(refresh.id(), base.id(), 0).meanOverlapAt10());
            assertThat(check.detail()).contains("those of the base, run " + base.id() + "; of the 4 refreshed ones");
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            delete from venue_ranking_%1$s where user_id in (select user_id from run_input_%1$s where position = 1) \
            | users_covered | 3 of 4 refreshed users have ranked venues
            update venue_ranking_%1$s set ranking = overlay(ranking placing ''\\x7fc00000''::bytea from 5) \
              where user_id in (select user_id from run_input_%1$s where position = 1) \
            | scores_finite_and_ordered | 3 of 4 rankings read back
            delete from companion_ranking_%1$s | edges_covered | social edges are behind ranked companions
            """)
    void whatIsWrongWithARefreshHoldsItBack(String damage, String check, String finding) throws Exception {
        Run base = recompute();
        moveFour();

        Run held = recomputeSpoiling(RunKind.REFRESH, damage);

        assertThat(held.state()).as(held.sentence()).isEqualTo(RunState.HELD);
        assertThat(held.gate())
                .filteredOn(found -> !found.ok())
                .extracting(GateCheck::name)
                .contains(check);
        assertThat(held.sentence()).contains(finding);
        assertThat(runs.published().map(Run::id)).contains(base.id());
    }

    private void moveFour() {
        jdbc.sql("""
                        update users set home_lat = 48.25 - (home_lat - 48), home_lng = 11.47 - (home_lng - 11)
                        where id in (select id from users where home_lat < 48.2 and home_lng < 11.3 order by id limit 4)
                        """).update();
    }

    @Test
    void aFullRunIsJudgedByTheBaseOfAPublishedRefresh() throws Exception {
        Run base = recompute();
        Run refresh = run(RunKind.REFRESH);
        assertThat(refresh.published()).as(refresh.sentence()).isTrue();

        Run full = recompute();

        assertThat(full.state()).as(full.sentence()).isEqualTo(RunState.COMPLETED);
        assertThat(overlap(full).value()).isEqualTo(1);
        assertThat(overlap(full).detail())
                .contains("those of run %d, the base of the published run %d, over 200 users"
                        .formatted(base.id(), refresh.id()));
    }

    @Test
    void aListThatLosesVenuesOverlapsLess() throws Exception {
        keepVenues(10);
        recompute();
        keepVenues(5);

        Run held = recompute();

        assertThat(held.state()).isEqualTo(RunState.HELD);
        assertThat(overlap(held).value()).isEqualTo(0.5);
    }

    private void keepVenues(int venues) {
        jdbc.sql("delete from venues where id not in (select id from venues order by id limit :venues)")
                .param("venues", venues)
                .update();
    }

    private static GateCheck overlap(Run run) {
        return run.gate().stream()
                .filter(check -> check.name().equals("overlap_at_10"))
                .findFirst()
                .orElseThrow();
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
    void aRunThatLosesCompanionsIsHeldBack() throws Exception {
        Run held = recomputeSpoiling("""
                delete from companion_ranking_%1$s where user_id in (
                  select user_id from run_input_%1$s where position in (1, 2, 3, 4))
                """);

        assertThat(held.state()).as(held.sentence()).isEqualTo(RunState.HELD);
        assertThat(held.gate())
                .filteredOn(check -> !check.ok())
                .extracting(GateCheck::name)
                .containsExactly("edges_covered");
        assertThat(held.sentence()).contains("social edges are behind ranked companions");
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
        // Of one user, who is not in the brute-force sample: the first is 0.0625, below the next one, or NaN; or the
        // last is minus infinity.
        for (String score : List.of(
                "3d800000''::bytea from 5",
                "7fc00000''::bytea from 5",
                "ff800000''::bytea from length(ranking) - 11")) {
            Run held = recomputeSpoiling("""
                    update venue_ranking_%%1$s set ranking = overlay(ranking placing ''\\x%s)
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

    private Run recomputeSpoiling(String damage) throws InterruptedException {
        return recomputeSpoiling(RunKind.FULL, damage);
    }

    /** @param damage SQL that is done between scoring and verification, in a quoted text where {@code %1$s} is the run's id */
    private Run recomputeSpoiling(RunKind kind, String damage) throws InterruptedException {
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
            return runs.await(runs.start(kind, "ada").id(), progress -> {});
        } finally {
            jdbc.sql("drop trigger test_damage on run").update();
        }
    }
}
