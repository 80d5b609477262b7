package dev.luna.batch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.luna.batch.run.PartitionProgress;
import dev.luna.batch.run.Run;
import dev.luna.batch.run.RunFailure;
import dev.luna.batch.run.RunFixture;
import dev.luna.batch.run.RunPhase;
import dev.luna.batch.run.RunState;
import dev.luna.batch.run.RunStorage;
import dev.luna.batch.run.RunVerifier;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.ClassPathResource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class RunTextTest {

    @Test
    void aRunThatIsScoringTellsItsRateAndTheTimeLeft() {
        Run run = run(RunState.RUNNING, null);

        assertThat(RunText.details(run))
                .contains("scored          250,000 users, 15 of 62 partitions, 10,000 users/s")
                .contains("about 1 min 15 s left");
    }

    @Test
    void whatARunRanksByIsWrittenAsItIsSet() {
        assertThat(RunText.details(run(RunState.STOPPED, null)).lines())
                .contains(
                        "profile         decay-per-km=0.2 positive-types=interest,like",
                        "settings        block-users=512 venues-per-user=50");
    }

    @Test
    void anEndedRunTellsNoRate() {
        assertThat(RunText.details(run(RunState.STOPPED, null)))
                .contains("15 of 62 partitions" + System.lineSeparator());
    }

    @Test
    void aFailureWithoutAHintHasNoRowForIt() {
        List<String> causes = List.of("disk full");

        assertThat(RunText.details(run(RunState.FAILED, RunFailure.of("partition 3", causes, "Make room."))))
                .contains("failed in       partition 3", "  because       disk full", "  hint          Make room.");
        assertThat(RunText.details(run(RunState.FAILED, RunFailure.of("partition 3", causes, ""))))
                .contains("  because       disk full")
                .doesNotContain("  hint");
    }

    @Test
    void everythingAboutARunIsTold() {
        assertThat(RunText.details(RunFixture.withEverything())).isEqualToNormalizingNewlines("""
                        run             17 (refresh of run 12)
                        state           completed, published
                        phase           done
                        requested       %s by ada, as a trial
                        owner           host:42 since %s, lease lapsed at %s
                        profile         decay-per-km=0.2 positive-types=interest,like
                        settings        venues-per-user=50
                        snapshot        %s
                        users           1,000,000
                        venues          100,000
                        interactions    20,000,000
                        edges           10,000,000
                        scored          250,000 users, 15 of 62 partitions
                          scoring       2 min 10 s
                        finished        %s
                        checksum        0000000000abcdef
                        storage         dropped
                        published       %s by bea
                        forced          %s by cem, although the gate held it
                        failed in       partition 3
                          users         8, from 00000000-0000-0000-0000-000000000001 to 00000000-0000-0000-0000-000000000002
                          because       disk full
                          because       no space
                          hint          Make room.
                        gate ok         all rows
                        gate NO         10 %% overlap
                        %s""".formatted(
                        hours(1),
                        hours(9),
                        hours(10),
                        hours(4),
                        hours(3),
                        hours(5),
                        hours(6),
                        RunFixture.withEverything().sentence()));
    }

    private static String hours(int after) {
        return Tables.time(RunFixture.AT.plus(Duration.ofHours(after)));
    }

    @Test
    void aListHasARunsOwnNumbersInItsRow() {
        assertThat(RunText.list(List.of(RunFixture.withEverything(), run(RunState.RUNNING, null)), true)
                        .lines()
                        .map(line -> line.replaceAll(" {2,}", "|")))
                .containsExactly(
                        "ID|STATE|STARTED|TOOK|USERS|STORAGE|CHECKSUM|BY",
                        "17|*|completed|" + hours(1) + "|2 min 10 s|1,000,000|dropped|0000000000abcdef|ada",
                        "17|running (scoring 25 %)|" + Tables.time(RunFixture.AT) + "|-|1,000,000|-|-|ada");
    }

    @Test
    void aRefreshOfNobodyHasNoShares() {
        RunFixture running = RunFixture.in(RunState.RUNNING, RunPhase.SCORING);
        RunFixture done = RunFixture.in(RunState.COMPLETED, RunPhase.DONE);

        assertThat(RunText.list(List.of(running.ofNobody().run()), true)).contains("  running (scoring)  ");
        assertThat(RunText.summary(done.ofNobody().published().refreshOf(12).run()))
                .isEqualTo("Run 17 is published: 1,000,000 users, 100,000 venues in -; nothing changed since run 12");
    }

    @Test
    void theFirstDifferenceIsTold() {
        assertThat(RunText.verification(17, new RunVerifier.Verification(20, 19, "user 3 at rank 1")))
                .isEqualTo("Run 17: 19 of 20 compared users have exactly the rankings of brute force"
                        + System.lineSeparator() + "  first difference: user 3 at rank 1");
    }

    @Test
    void partitionsThatAreNotDoneAreTold() {
        assertThat(RunText.unfinished(List.of(
                                new PartitionProgress(0, 8, 8),
                                new PartitionProgress(1, 2, 8),
                                new PartitionProgress(2, 0, 4_000)))
                        .lines()
                        .map(line -> line.strip().replaceAll(" {2,}", "|")))
                .containsExactly("", "PARTITION|DONE|USERS", "1|2|8|25 %", "2|0|4,000|0 %");
    }

    @Test
    void storageIsToldAsItIsAndAsItWillBe() {
        assertThat(RunText.storage(new RunStorage(2, 3_000_000, 1_000, 50, 3, 2_500, true, 15_000_000, 17_500_000)))
                .isEqualTo("2 kept runs take 3.0 MB. Expected: 1,000 users x about 2,500 bytes (K = 50) x 6 runs"
                        + " (3 full, and as many refreshes, of everybody at most) = 15.0 MB, and 17.5 MB for each under"
                        + " way, held, stopped or failed (at most 7).");
        assertThat(RunText.storage(new RunStorage(0, 0, 1, 50, 3, 800, false, 4_800, 800)))
                .startsWith("No runs are kept. Expected: 1 user x at least 800 bytes");
    }

    /** The resource is also what the API gives. */
    @Test
    void theJsonOfARunIsThatOfTheApi() throws IOException {
        JsonMapper mapper = JsonMapper.builder().build();
        Run run = RunFixture.withEverything();
        ObjectNode expected = (ObjectNode) mapper.readTree(new ClassPathResource("run.json").getContentAsByteArray());

        assertThat(mapper.readTree(RunJson.object(run, List.of(new PartitionProgress(3, 5, 8)))))
                .isEqualTo(expected);

        expected.remove("partitions");
        assertThat(mapper.readTree(RunJson.object(run))).isEqualTo(expected);
        assertThat(RunJson.line(run)).hasLineCount(1);
        assertThat(mapper.readTree(RunJson.line(run))).isEqualTo(expected);
        assertThat(mapper.readTree(RunJson.array(List.of(run)))).containsExactly(expected);

        JsonNode other = mapper.readTree(RunJson.object(run(RunState.RUNNING, null)));
        assertThat(other.get("published").asBoolean()).isFalse();
        assertThat(other.get("checksum").isNull()).isTrue();
    }

    private static Run run(RunState state, RunFailure failure) {
        return RunFixture.in(state, RunPhase.SCORING).failed(failure).run();
    }
}
