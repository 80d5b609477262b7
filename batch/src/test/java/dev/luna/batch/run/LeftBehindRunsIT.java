package dev.luna.batch.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** A run that a process left behind, and who gets it in place of a new one. */
class LeftBehindRunsIT extends RunLifecycle {

    @Test
    void aRunLeftBehindIsResumedByWhoAsksForItsLikeAndByTheSchedule() throws Exception {
        ScoringSettings steep = decay(0.4);
        Run left;
        try (Brake brake = Brake.at(dataSource, BRAKE_AT)) {
            Run run = runs.start(RunKind.FULL, steep, "ada").run();
            brake.awaitBraked(run.id());
            runs.stop(run.id(), "bob");
            brake.release();
            left = await(run);
        }
        for (Callable<StartedRun> like : List.<Callable<StartedRun>>of(
                () -> runs.start(RunKind.FULL, steep, "ada"),
                () -> runs.start(null, null, "ada"),
                () -> runs.startScheduled(RunKind.REFRESH, Instant.parse("2030-01-31T02:30:00Z")))) {
            leftBehind(left);
            jdbc.sql("delete from run_stop").update();
            assertThatThrownBy(() -> runs.start(RunKind.REFRESH, "ada"))
                    .isInstanceOf(RunRefusedException.class)
                    .hasMessage(
                            "Run %d was left behind by a process that died and goes first; resume it with `luna runs restart %d` or end it with `luna runs stop %d`",
                            left.id(), left.id(), left.id());
            assertThatThrownBy(() -> runs.start(null, decay(0.5), "ada")).hasMessageContaining("goes first");

            StartedRun resumed;
            try (Brake brake = Brake.at(dataSource, BRAKE_AT)) {
                resumed = like.call();
                brake.awaitBraked(left.id());
                runs.stop(left.id(), "bob");
                brake.release();
                await(left);
            }

            assertThat(resumed.resumed()).isTrue();
            assertThat(resumed.run().id()).isEqualTo(left.id());
        }
        assertThat(runs.start(RunKind.FULL, null, "ada").resumed()).isFalse();
        await(runs.list(null, 1).get(0));
    }

    private static ScoringSettings decay(double perKm) {
        return new ScoringSettings(null, null, null, perKm, null, null, null, null, null, null, null, null, null, null);
    }
}
