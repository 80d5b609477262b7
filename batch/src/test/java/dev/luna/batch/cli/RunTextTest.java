package dev.luna.batch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.luna.batch.run.Run;
import dev.luna.batch.run.RunFailure;
import dev.luna.batch.run.RunFixture;
import dev.luna.batch.run.RunPhase;
import dev.luna.batch.run.RunState;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

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
    void aFailureAsJsonHasTheFieldsThatTheApiGives() {
        Run run = run(RunState.FAILED, RunFailure.of("partition 3", List.of("disk full"), "Make room."));

        JsonNode failure =
                JsonMapper.builder().build().readTree(RunJson.object(run)).get("failure");

        assertThat(failure.propertyNames())
                .containsExactly(
                        "reason", "where", "partition", "users", "first_user_id", "last_user_id", "causes", "hint");
        assertThat(failure.get("reason").asString()).isEqualTo("in partition 3: disk full");
    }

    @Test
    void howFarItIsAndOverWhatIsInTheJson() {
        JsonNode json = JsonMapper.builder().build().readTree(RunJson.object(run(RunState.RUNNING, null)));

        assertThat(json.get("progress").toString())
                .isEqualTo(
                        "{\"users_done\":250000,\"users_total\":1000000,\"partitions_done\":15,\"partitions_total\":62,"
                                + "\"users_per_second\":10000.0,\"eta_seconds\":75.0}");
        assertThat(json.get("counts").toString())
                .isEqualTo("{\"users\":1000000,\"venues\":100000,\"interactions\":20000000,\"edges\":10000000,"
                        + "\"max_likes\":500}");
    }

    private static Run run(RunState state, RunFailure failure) {
        return RunFixture.in(state, RunPhase.SCORING).failed(failure).run();
    }
}
