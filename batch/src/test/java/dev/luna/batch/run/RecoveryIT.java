package dev.luna.batch.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Which runs a server resumes by itself, and which it leaves to people. */
class RecoveryIT extends RunLifecycle {

    @Test
    void aLeaseOfAClockThatWasAheadIsOver() throws Exception {
        Run left = leftBehind(stoppedInScoring());
        jdbc.sql("delete from run_stop").update();
        jdbc.sql("update run_lease set expires_at = clock_timestamp() + interval '1 day'")
                .update();

        assertThat(runs.get(left.id()).owner().live()).isFalse();
        assertThat(runs.resumeAbandoned()).isPresent();

        assertThat(await(left).state()).isEqualTo(RunState.COMPLETED);
    }
}
