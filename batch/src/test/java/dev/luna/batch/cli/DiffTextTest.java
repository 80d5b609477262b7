package dev.luna.batch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.luna.batch.run.RunDiff;
import dev.luna.batch.run.RunDiff.Cause;
import dev.luna.batch.run.RunDiff.CauseKind;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class DiffTextTest {

    @Test
    void everyNumberHasItsPlaceAndEveryMoverHisReasons() {
        RunDiff.Mover moved = new RunDiff.Mover(
                new UUID(0, 1),
                0.5,
                List.of(),
                List.of(),
                List.of(new Cause(CauseKind.MOVED_HOME, "has a home now"), new Cause(CauseKind.NEW_VENUE, "1 venue")));
        RunDiff.Mover unexplained = new RunDiff.Mover(new UUID(0, 2), 1, List.of(), List.of(), List.of());

        assertThat(DiffText.of(new RunDiff(5, 3, 2_000, 50, 0.875, 1, 4, 6, 8, true, List.of(moved, unexplained)))
                        .lines())
                .containsExactly(
                        "Run 5 beside run 3",
                        "  users in both    2,000; 50 of them (2.5 %) have other venues or another order",
                        "  overlap at 10    87.5 % of the first 10 venues on average",
                        "  users            1 only in run 5, 4 only in run 3",
                        "  venues           6 new, 8 gone",
                        "  profile          another",
                        "LARGEST MOVERS                        OVERLAP  WHY",
                        "00000000-0000-0000-0000-000000000001     50 %  moved home (has a home now), new venue (1 venue)",
                        "00000000-0000-0000-0000-000000000002    100 %  -");
    }

    @Test
    void nobodyInBothIsNoShareOfNobody() {
        assertThat(DiffText.of(new RunDiff(5, 3, 0, 0, 1, 2, 4, 0, 0, false, List.of()))
                        .lines())
                .contains("  users in both    0; 0 of them (0.0 %) have other venues or another order")
                .endsWith("  profile          the same");
    }
}
