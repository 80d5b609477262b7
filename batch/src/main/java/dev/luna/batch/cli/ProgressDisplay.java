package dev.luna.batch.cli;

import java.io.Console;
import java.io.PrintStream;
import java.lang.reflect.Method;
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

    private static final int LINE_WIDTH = 100;

    private final PrintStream out;
    private final boolean terminal;
    private @Nullable ProgressBar bar;
    private String phase = "";
    private long tenth;

    private ProgressDisplay(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    static ProgressDisplay onStandardError() {
        return new ProgressDisplay(System.err, isTerminal());
    }

    /** Plain lines, wherever it writes. */
    static ProgressDisplay plain(PrintStream out) {
        return new ProgressDisplay(out, false);
    }

    /**
     * Shows the state of a phase; a new name starts a new phase.
     *
     * @param phase what is being done, such as {@code reading users.csv}
     * @param done units done so far
     * @param total units in all, 0 when unknown
     */
    void show(String phase, long done, long total) {
        if (terminal) {
            move(phase, done, total);
        } else {
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
                    .setInitialMax(total > 0 ? total : -1)
                    .setStyle(ProgressBarStyle.ASCII)
                    .setUpdateIntervalMillis(200)
                    .setConsumer(new ConsoleProgressBarConsumer(out, LINE_WIDTH))
                    .build();
        }
        bar.maxHint(total > 0 ? total : -1);
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

    /** Some Java versions hand out a console even when standard streams are redirected, and have a method that tells. */
    private static boolean isTerminal() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            Method isTerminal = Console.class.getMethod("isTerminal");
            return (Boolean) isTerminal.invoke(console);
        } catch (NoSuchMethodException e) {
            // Java 17 to 21 hand out a console only on a terminal.
            return true;
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }
}
