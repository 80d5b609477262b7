package dev.luna.batch.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * How far a command is, on standard error: a moving bar on a terminal, a line for each new phase and each tenth of it
 * elsewhere. Not thread-safe.
 */
final class ProgressDisplay implements AutoCloseable {

    private static final int WIDEST_BAR = 100;

    /** In fewer columns the name of a phase and its numbers leave no room for a bar. */
    private static final int FEWEST_COLUMNS = 60;

    private final PrintStream out;

    /** Of a bar; 0 for plain lines. */
    private final int width;

    private @Nullable ProgressBar bar;
    private String phase = "";
    private long tenth;

    private ProgressDisplay(PrintStream out, int width) {
        this.out = out;
        this.width = width;
    }

    static ProgressDisplay onStandardError() {
        return on(columns(), System.err);
    }

    /** For a terminal of so many columns; 0 when it is none. */
    static ProgressDisplay on(int columns, PrintStream out) {
        // Many terminals begin a new line when the last column is written.
        return new ProgressDisplay(out, columns < FEWEST_COLUMNS ? 0 : Math.min(WIDEST_BAR, columns - 1));
    }

    /**
     * Shows the state of a phase; a new name starts a new phase.
     *
     * @param phase what is being done, such as {@code reading users.csv}
     * @param done units done so far
     * @param total units in all, 0 when unknown
     */
    void show(String phase, long done, long total) {
        // While the total is unknown there is a line: notices of the same phase must not go behind an open bar.
        if (width > 0 && total > 0) {
            move(phase, done, total);
        } else {
            close();
            print(phase, done, total);
        }
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
            bar = null;
        }
    }

    private void move(String newPhase, long done, long total) {
        if (bar == null || !newPhase.equals(phase)) {
            close();
            phase = newPhase;
            bar = new ProgressBarBuilder()
                    .setTaskName(newPhase)
                    .setInitialMax(total)
                    // What was done before says nothing of the time that is left.
                    .startsFrom(done, Duration.ZERO)
                    .setStyle(ProgressBarStyle.ASCII)
                    .setUpdateIntervalMillis(200)
                    .setConsumer(new ConsoleProgressBarConsumer(out, width))
                    .build();
        }
        bar.maxHint(total);
        bar.stepTo(done);
    }

    private void print(String newPhase, long done, long total) {
        long newTenth = total > 0 ? 10 * done / total : 0;
        if (!newPhase.equals(phase)) {
            phase = newPhase;
            tenth = newTenth;
            out.println(newPhase);
        } else if (newTenth > tenth) {
            tenth = newTenth;
            out.println(newPhase + ": " + 10 * newTenth + " %");
        }
    }

    /** How wide the terminal is that standard error is; 0 when it is none, which Java does not tell. */
    static int columns() {
        try {
            Process size = new ProcessBuilder("sh", "-c", "test -t 2 && stty size <&2")
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            String rowsAndColumns = new String(size.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
            return rowsAndColumns.isEmpty()
                    ? 0
                    : Integer.parseInt(rowsAndColumns.substring(rowsAndColumns.indexOf(' ') + 1));
        } catch (IOException e) {
            // No shell, as beside no terminal.
            return 0;
        }
    }
}
