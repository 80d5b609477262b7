package dev.luna.batch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.luna.batch.run.Run;
import dev.luna.batch.run.RunFailure;
import dev.luna.batch.run.RunKind;
import dev.luna.batch.run.RunOwner;
import dev.luna.batch.run.RunPhase;
import dev.luna.batch.run.RunProgress;
import dev.luna.batch.run.RunState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class RunTextTest {

    private static final Instant TWO = Instant.parse("2030-01-31T02:00:00Z");

    @Test
    void aRunThatIsScoringTellsItsRateAndTheTimeLeft() {
        Run run = run(RunState.RUNNING, null);

        assertThat(RunText.details(run))
                .contains("scored          250,000 users, 15 of 62 partitions, 10,000 users/s")
                .contains("about 1 min 15 s left");
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

    private static Run run(RunState state, RunFailure failure) {
        boolean isRunning = state == RunState.RUNNING;
        return new Run(
                17,
                RunKind.FULL,
                null,
                state,
                RunPhase.SCORING,
                false,
                "ada",
                TWO,
                TWO,
                isRunning ? null : TWO,
                TWO,
                1_000_000L,
                100_000L,
                20_000_000L,
                10_000_000L,
                500L,
                Map.of(),
                Map.of(),
                Map.of(),
                List.of(),
                failure,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                isRunning ? new RunOwner("host:42", TWO, TWO.plusSeconds(15), true) : null,
                new RunProgress(250_000, 1_000_000L, 15, 62, 10_000.0, isRunning ? Duration.ofSeconds(75) : null),
                0);
    }
}
