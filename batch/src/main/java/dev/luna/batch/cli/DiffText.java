package dev.luna.batch.cli;

import dev.luna.batch.run.RunDiff;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Differences of two runs as text for people. */
final class DiffText {

    private DiffText() {}

    static String of(RunDiff diff) {
        String head = String.format(
                Locale.ROOT,
                """
                Run %d beside run %d
                  users in both    %,d; %,d of them (%.1f %%) have other venues or another order
                  overlap at 10    %.1f %% of the first 10 venues on average
                  users            %,d only in run %d, %,d only in run %d
                  venues           %,d new, %,d gone
                  profile          %s""",
                diff.runId(),
                diff.againstId(),
                diff.usersInBoth(),
                diff.usersChanged(),
                diff.usersInBoth() == 0 ? 0 : 100.0 * diff.usersChanged() / diff.usersInBoth(),
                100 * diff.meanOverlapAt10(),
                diff.usersOnlyInRun(),
                diff.runId(),
                diff.usersOnlyInAgainst(),
                diff.againstId(),
                diff.venuesNew(),
                diff.venuesGone(),
                diff.isOtherProfile() ? "another" : "the same");
        if (diff.movers().isEmpty()) {
            return head;
        }
        return head
                + System.lineSeparator()
                + Tables.table(
                        List.of("LARGEST MOVERS", ">OVERLAP", "WHY"),
                        diff.movers().stream().map(DiffText::row).toList());
    }

    private static List<String> row(RunDiff.Mover mover) {
        String causes = mover.causes().stream()
                .map(cause ->
                        cause.kind().name().toLowerCase(Locale.ROOT).replace('_', ' ') + " (" + cause.detail() + ")")
                .collect(Collectors.joining(", "));
        return List.of(
                mover.userId().toString(),
                String.format(Locale.ROOT, "%.0f %%", 100 * mover.overlapAt10()),
                causes.isEmpty() ? "-" : causes);
    }
}
