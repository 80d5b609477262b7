package dev.luna.batch.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What the gate makes of one and the same run by other settings. */
class GateSettingsIT extends Publishing {

    @Autowired
    private RunLease lease;

    @Autowired
    private StoredScores scores;

    @Autowired
    private RunVerifier verifier;

    @Autowired
    private RunDiffs diffs;

    @Autowired
    private PlatformTransactionManager transactions;

    @Test
    void eachBandAndSampleIsASetting() throws Exception {
        Run run = recompute();
        // Readers see one that is its equal.
        recompute();

        assertThat(judge(run, Map.of()))
                .allMatch(GateCheck::ok)
                .extracting(GateCheck::name)
                .contains("brute_force_sample", "overlap_at_10")
                .doesNotContain("size");
        assertThat(judge(run, Map.of("overlap-max", "0.9", "size-max", "0.5", "sample-users", "0")))
                .filteredOn(check -> !check.ok())
                .extracting(GateCheck::name)
                .containsExactly("size", "overlap_at_10");
        assertThat(judge(run, Map.of("sample-users", "0", "overlap-users", "0")))
                .allMatch(GateCheck::ok)
                .extracting(GateCheck::name)
                .containsExactly("users_covered", "rows", "edges_covered", "scores_finite_and_ordered");
        assertThat(judge(run, Map.of("sample-users", "0", "overlap-users", "150")))
                .filteredOn(check -> check.name().equals("overlap_at_10"))
                .singleElement()
                .satisfies(check -> assertThat(check.detail()).contains("over 150 users"));
    }

    @Test
    void nobodyInCommonIsNoOverlapUnlessNoneIsAskedFor() throws Exception {
        Run run = recompute();
        Run published = recompute();
        jdbc.sql("update venue_ranking set user_id = gen_random_uuid() where run_id = ?")
                .param(published.id())
                .update();

        assertThat(judge(run, Map.of()))
                .filteredOn(check -> !check.ok())
                .extracting(GateCheck::detail)
                .containsExactly("none of the sampled users is in the published run " + published.id());
        assertThat(judge(run, Map.of("overlap-min", "0"))).allMatch(GateCheck::ok);
    }

    @Test
    void theOverlapIsTheOneThatADiffTells() throws Exception {
        Run first = recompute();
        moveEverybody();
        Run held = recompute();
        jdbc.sql("update venue_ranking set ranking = '' where run_id = :run and user_id = md5('user9')::uuid")
                .param("run", first.id())
                .update();
        jdbc.sql("""
                        update venue_ranking set ranking = substr(ranking, 1, 5 * 16)
                        where run_id = :run and user_id < '80000000-0000-0000-0000-000000000000'
                        """).param("run", held.id()).update();

        List<GateCheck> checks = judge(held, Map.of("sample-users", "0"));

        assertThat(checks)
                .filteredOn(check -> check.name().equals("overlap_at_10"))
                .singleElement()
                .satisfies(check -> {
                    assertThat(check.detail()).contains("over 199 users");
                    assertThat(check.value())
                            .isBetween(0.01, 0.99)
                            .isEqualTo(diffs.compare(held.id(), first.id(), 0).meanOverlapAt10());
                });
    }

    /** Tenths are no binary fractions, so a mean that adds them up is beside the bound that everybody is at. */
    @Test
    void anOverlapAtItsBoundIsWithinIt() throws Exception {
        Run run = recompute();
        recompute();
        for (int first = 9; first > 5; first--) {
            jdbc.sql("update venue_ranking set ranking = substr(ranking, 1, :first * 16) where run_id = :run")
                    .param("first", first)
                    .param("run", run.id())
                    .update();
            String share = "0." + first;

            assertThat(judge(run, Map.of("sample-users", "0", "overlap-min", share, "overlap-max", share)))
                    .filteredOn(check -> check.name().equals("overlap_at_10"))
                    .singleElement()
                    .satisfies(check -> {
                        assertThat(check.value()).isEqualTo(Double.parseDouble(share));
                        assertThat(check.ok()).as(check.detail()).isTrue();
                    });
        }
    }

    @Test
    void overlapsAreSampledFromAllUsers() throws Exception {
        Run first = recompute();
        recompute();
        jdbc.sql("""
                        update venue_ranking r set ranking = substr(r.ranking, 1, 5 * 16) from run_input i
                        where r.run_id = :run and i.run_id = :run and i.user_id = r.user_id and i.position >= :half
                        """).param("run", first.id()).param("half", USERS / 2).update();

        // Half of the users have but half of their list.
        assertThat(judge(first, Map.of("sample-users", "0", "overlap-users", "4")))
                .filteredOn(check -> check.name().equals("overlap_at_10"))
                .extracting(GateCheck::value)
                .containsExactly(0.75);
    }

    @Test
    void ofMoreUsersThanAreReadBackItIsASample() throws Exception {
        Run run = recompute();

        assertThat(scores.read(run.id(), USERS, 50)).satisfies(found -> {
            assertThat(found.rankings()).isBetween(1L, USERS - 1L);
            assertThat(found.inOrder()).isEqualTo(found.rankings());
        });
    }

    /** Judges a complete run once more, and takes that back. */
    private List<GateCheck> judge(Run run, Map<String, String> gate) {
        MapConfigurationPropertySource source = new MapConfigurationPropertySource();
        gate.forEach((name, value) -> source.put("luna.recompute.gate." + name, value));
        RecomputeSettings settings =
                new Binder(source).bindOrCreate("luna.recompute", Bindable.of(RecomputeSettings.class));
        PublishGate other =
                new PublishGate(jdbc, lease, verifier, scores, new PublishedComparison(jdbc, settings), settings);
        return new TransactionTemplate(transactions).execute(tx -> {
            tx.setRollbackOnly();
            jdbc.sql("update run set state = 'running' where id = :id")
                    .param("id", run.id())
                    .update();
            other.judge(lease.take(run.id()), () -> false);
            return runs.get(run.id()).gate();
        });
    }
}
