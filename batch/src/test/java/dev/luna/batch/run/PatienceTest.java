package dev.luna.batch.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PatienceTest {

    @ParameterizedTest(name = "{0} for a {1} run that is {2}, after {3}: {4}")
    @CsvSource({
        "NONE,           FULL,    COMPLETED, PT0S,   false",
        "BRIEF,          FULL,    COMPLETED, PT4.9S, true",
        "BRIEF,          FULL,    COMPLETED, PT5S,   false",
        "BRIEF,          REFRESH, RUNNING,   PT0S,   false",
        "OF_A_TICK,      FULL,    COMPLETED, P30D,   true",
        "OF_A_TICK,      REFRESH, HELD,      P30D,   true",
        "OF_A_TICK,      REFRESH, RUNNING,   PT0S,   false",
        "OF_A_TICK,      TRIAL,   RUNNING,   PT0S,   false",
        "OF_A_FULL_TICK, FULL,    COMPLETED, P30D,   true",
        "OF_A_FULL_TICK, REFRESH, RUNNING,   P30D,   true",
        "OF_A_FULL_TICK, TRIAL,   RUNNING,   P30D,   true",
        "OF_A_FULL_TICK, OVERTAKEN, RUNNING, P30D,   true",
        "OF_A_FULL_TICK, FULL,    RUNNING,   PT0S,   false"
    })
    void itLastsForWhatHasAnEnd(Patience patience, String what, RunState state, Duration waited, boolean lasts) {
        RunFixture inTheWay = RunFixture.in(state, RunPhase.SCORING);
        Run run =
                switch (what) {
                    case "REFRESH" -> inTheWay.refreshOf(1).run();
                    case "TRIAL" -> inTheWay.toBeHeld().run();
                    case "OVERTAKEN" -> inTheWay.supersededBy(18).run();
                    default -> inTheWay.run();
                };

        assertThat(patience.lasts(run, waited)).isEqualTo(lasts);
    }
}
