package dev.luna.batch.drill;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** The whole drill on a home whose database holds data and no process uses. */
public final class FaultDrill {

    private FaultDrill() {}

    /**
     * Which faults strike.
     *
     * @param only a part of the name and place of each fault that does; empty for all
     * @param draws how often the faults that depend on chance strike
     */
    public record Choice(String only, int draws) {

        boolean takes(String fault) {
            return fault.toLowerCase(Locale.ROOT).contains(only.toLowerCase(Locale.ROOT));
        }
    }

    /**
     * What happened.
     *
     * @param faults a row per fault, in order
     * @param reader what the reader saw, in words
     * @param readerSatisfied whether it saw no wrong answer, and errors only where they may be
     */
    public record Outcome(List<Row> faults, String reader, boolean readerSatisfied) {

        /** Whether everything was as it must be. */
        public boolean ok() {
            return readerSatisfied && faults.stream().allMatch(Row::ok);
        }
    }

    /**
     * A fault as columns of a table.
     *
     * @param columns fault, where, outcome, seconds, checksum equal, ok
     * @param ok whether it is as it must be
     */
    public record Row(List<String> columns, boolean ok) {

        /** Names of the columns; those that begin with {@code >} are set to the right. */
        public static final List<String> HEADER =
                List.of("FAULT", "WHERE", "OUTCOME", ">SECONDS", "CHECKSUM EQUAL", "OK");

        static Row of(Struck struck) {
            Double seconds = struck.seconds();
            Boolean equal = struck.checksumEqual();
            return new Row(
                    List.of(
                            struck.fault(),
                            struck.where(),
                            struck.outcome(),
                            seconds == null ? "-" : "%.1f".formatted(seconds),
                            equal == null ? "-" : equal ? "yes" : "NO",
                            struck.ok() ? "ok" : "FAILED"),
                    struck.ok());
        }
    }

    /**
     * Lets the chosen faults strike.
     *
     * @param server jar of {@code luna serve}
     * @param batch jar of {@code luna recompute}
     * @param onRow told each row as it comes
     */
    public static Outcome run(Path home, Path server, Path batch, Choice choice, Consumer<Row> onRow)
            throws IOException, SQLException, InterruptedException {
        try (Drill drill = new Drill(home, server, batch)) {
            List<Row> rows = new Faults(drill, choice, struck -> onRow.accept(Row.of(struck)))
                    .all().stream().map(Row::of).toList();
            return new Outcome(rows, drill.reader().toString(), drill.reader().isSatisfied());
        }
    }
}
