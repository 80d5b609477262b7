package dev.luna.batch.cli;

import dev.luna.batch.run.ProcessName;
import dev.luna.batch.run.Run;
import dev.luna.batch.run.RunOwner;
import dev.luna.batch.run.RunProgress;
import dev.luna.batch.run.RunRefusedException;
import dev.luna.batch.run.RunState;
import dev.luna.batch.run.Runs;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationContext;
import picocli.CommandLine;

/** A run that a command starts and stays with: waits for a dead owner's lease, shows progress, tells the outcome. */
final class RunInForeground {

    private static final long POLL_MILLIS = 250;

    private final Runs runs;
    private final ProcessName process;
    private final CommandLine command;

    RunInForeground(ApplicationContext context, CommandLine command) {
        this.runs = context.getBean(Runs.class);
        this.process = context.getBean(ProcessName.class);
        this.command = command;
    }

    /** How runs started from here are signed. */
    static String requestedBy() {
        return "cli:" + System.getProperty("user.name", "unknown");
    }

    /**
     * Begins a run. If one is under way, its process may have died without its lease having lapsed yet; then this waits,
     * which takes at most the length of the lease, and tries again.
     *
     * @throws RunRefusedException if the run in the way is alive: it renewed its lease meanwhile
     */
    <T> T begin(Supplier<T> start) throws InterruptedException {
        try {
            return start.get();
        } catch (RunRefusedException refused) {
            Run inTheWay = refused.run();
            RunOwner owner = inTheWay == null ? null : inTheWay.owner();
            if (inTheWay == null || owner == null || !owner.live() || process.isOfLivingProcess(owner)) {
                throw refused;
            }
            command.getErr()
                    .printf(
                            "Run %d is %s's, which may be gone; waiting for its lease to lapse at %s%n",
                            inTheWay.id(), owner.name(), Tables.time(owner.leaseUntil()));
            awaitLapse(inTheWay.id(), owner.leaseUntil(), refused);
            return start.get();
        }
    }

    private void awaitLapse(long runId, Instant leaseUntil, RunRefusedException refused) throws InterruptedException {
        while (true) {
            RunOwner owner = runs.get(runId).owner();
            if (owner == null || !owner.live()) {
                return;
            }
            if (!owner.leaseUntil().equals(leaseUntil)) {
                throw refused;
            }
            Thread.sleep(POLL_MILLIS);
        }
    }

    /** Stays with a run until it has ended and returns the exit code. */
    int finish(long runId) throws InterruptedException {
        return finish(runId, runs::await);
    }

    /** As {@link #finish}, printing the run as a line of JSON whenever it has changed. */
    int stream(long runId) throws InterruptedException {
        return stream(runId, runs::await);
    }

    /** As {@link #finish} or {@link #stream}, and also when the run's process dies: whoever takes it over goes on. */
    int watch(long runId, boolean asJson) throws InterruptedException {
        return asJson ? stream(runId, this::outlast) : finish(runId, this::outlast);
    }

    private Run outlast(long runId, Consumer<Run> onProgress) throws InterruptedException {
        Instant told = Instant.MIN; // since when the owner of whom was told had it: its sentence changes with the time
        while (true) {
            Run run = runs.await(runId, onProgress);
            if (run.state() != RunState.RUNNING) {
                return run;
            }
            Instant ownedSince = run.owner() == null ? null : run.owner().since();
            if (!Objects.equals(ownedSince, told)) {
                told = ownedSince;
                command.getErr().println("Run " + runId + ": " + run.sentence());
            }
            Thread.sleep(POLL_MILLIS);
        }
    }

    private int finish(long runId, Wait wait) throws InterruptedException {
        Run ended;
        try (ProgressDisplay display = ProgressDisplay.onStandardError()) {
            ended = wait.untilEnd(runId, run -> show(run, display));
        }
        command.getOut().println(RunText.summary(ended));
        return exitCode(ended);
    }

    private int stream(long runId, Wait wait) throws InterruptedException {
        AtomicReference<String> last = new AtomicReference<>("");
        Run ended = wait.untilEnd(runId, run -> {
            String line = RunJson.line(run);
            if (!line.equals(last.getAndSet(line))) {
                command.getOut().println(line);
            }
        });
        return exitCode(ended);
    }

    private interface Wait {

        Run untilEnd(long runId, Consumer<Run> onProgress) throws InterruptedException;
    }

    private static void show(Run run, ProgressDisplay display) {
        if (run.state() != RunState.RUNNING) {
            return;
        }
        if (!run.isWorkedOn()) {
            // What is said of that must not go behind an open bar.
            display.close();
            return;
        }
        RunProgress progress = run.progress();
        @Nullable Long total = progress.usersTotal();
        switch (run.phase()) {
            case SNAPSHOT -> display.show("snapshot", 0, 0);
            case SCORING -> display.show("scoring", progress.usersDone(), total == null ? 0 : total);
            case VERIFICATION -> display.show("verification", 0, 0);
            case PUBLICATION, DONE -> display.show("publication", 0, 0);
        }
    }

    static int exitCode(Run run) {
        return switch (run.state()) {
            case COMPLETED -> ExitCode.OK;
            case HELD -> run.isHeldByGate() ? ExitCode.REFUSED : ExitCode.OK;
            case STOPPED -> ExitCode.STOPPED;
            // Still running means that the process working on it, which is not this one, died.
            case FAILED, RUNNING -> ExitCode.FAILED;
        };
    }
}
