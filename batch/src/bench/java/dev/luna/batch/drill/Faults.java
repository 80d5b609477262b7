package dev.luna.batch.drill;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The faults, one method each. A window too small to hit from outside is held open by a lock of the drill's own session on
 * the table that the step needs next: strike, then release.
 */
final class Faults {

    /** Everything random in a drill follows from it. */
    private static final long SEED = 20_260_101;

    /** What a stop may take. */
    private static final double STOP_SECONDS = 10;

    private final Drill drill;
    private final DrillDatabase database;
    private final Random random = new Random(SEED);
    private final List<Struck> struck = new ArrayList<>();
    private final FaultDrill.Choice choice;
    private final Consumer<Struck> onStruck;

    /** @param onStruck told each row as it comes */
    Faults(Drill drill, FaultDrill.Choice choice, Consumer<Struck> onStruck) {
        this.drill = drill;
        this.database = drill.database();
        this.choice = choice;
        this.onStruck = onStruck;
    }

    /** Lets the chosen faults strike, one after another. */
    List<Struck> all() throws InterruptedException {
        strike("SIGKILL", "in snapshot", () -> killWhileHeld("user_social_edges", "access exclusive"));
        strike("SIGKILL", "in scoring", this::killInScoring);
        strike("SIGKILL", "between last chunk and publish", () -> killWhileHeld("run_venue", "share update exclusive"));
        strike("SIGKILL", "in verification, keys built", this::killInVerification);
        strike(
                "SIGKILL",
                "in publication, before its commit",
                () -> killWhileHeld("published_run", "share row exclusive"));
        strike("SIGKILL", "in retention", this::killInRetention);
        for (int n = 1; n <= choice.draws(); n++) {
            strike("SIGKILL", "at a random moment (%d of %d)".formatted(n, choice.draws()), this::killAtRandom);
        }
        strike("SIGTERM", "in scoring", this::terminateInScoring);
        strike("SIGTERM", "in snapshot", () -> terminateWhileHeld("user_social_edges", "access exclusive"));
        strike("SIGTERM", "in verification", () -> terminateWhileHeld("run_venue", "share update exclusive"));
        strike("SIGSTOP, SIGCONT", "in scoring, woken when the run is over", () -> freeze(true));
        strike("SIGSTOP, SIGCONT", "in scoring, woken while another works on it", () -> freeze(false));
        strike("database restart", "in scoring", this::restartDatabase);
        for (int n = 1; n <= choice.draws(); n++) {
            strike("two starters", "at the same instant (%d of %d)".formatted(n, choice.draws()), this::startTwice);
        }
        strike("SIGKILL", "the database's starter, while others use it", this::killDatabaseStarter);
        return List.copyOf(struck);
    }

    private void strike(String fault, String where, Fault body) throws InterruptedException {
        if (!choice.takes(fault + " " + where)) {
            return;
        }
        Struck row;
        try {
            drill.awaitIdle();
            Result result = body.strike();
            row = new Struck(fault, where, result.outcome(), result.seconds(), result.checksumEqual(), result.ok());
        } catch (DrillFailure | SQLException | IOException e) {
            row = new Struck(fault, where, String.valueOf(e.getMessage()), null, null, false);
        }
        struck.add(row);
        onStruck.accept(row);
    }

    private Result killWhileHeld(String table, String mode) throws SQLException, IOException, InterruptedException {
        long run = drill.nextRun();
        long at;
        try (LunaProcess victim = heldVictim(table, mode, LunaProcess::kill)) {
            at = System.nanoTime();
            victim.exitCode(1);
        }
        return recovered(run, at);
    }

    /** A victim that was struck while it waited for the drill's lock on a table; the lock is gone. */
    private LunaProcess heldVictim(String table, String mode, Blow blow)
            throws SQLException, IOException, InterruptedException {
        LunaProcess victim;
        try (DrillDatabase.Hold hold = database.hold(table, mode)) {
            victim = drill.victim();
            hold.awaitWaiter();
            blow.strike(victim);
        }
        return victim;
    }

    private Result killInScoring() throws SQLException, IOException, InterruptedException {
        long run = drill.nextRun();
        try (LunaProcess victim = drill.victim()) {
            drill.awaitChunks(run);
            try (DrillDatabase.Hold hold = database.hold("run_partition", "share")) {
                hold.awaitWaiter();
                victim.kill();
            }
        }
        return recovered(run, System.nanoTime());
    }

    private Result killInVerification() throws SQLException, IOException, InterruptedException {
        long run = drill.nextRun();
        try (DrillDatabase.Hold before = database.hold("run_venue", "share update exclusive");
                LunaProcess victim = drill.victim()) {
            before.awaitWaiter();
            try (DrillDatabase.Hold judged = database.hold("run", "share")) {
                before.release();
                judged.awaitWaiter();
                victim.kill();
            }
        }
        return recovered(run, System.nanoTime());
    }

    private Result killInRetention() throws SQLException, IOException, InterruptedException {
        long run = drill.nextRun();
        try (LunaProcess victim = drill.victim()) {
            // A reader of old rankings keeps retention trying.
            drill.awaitPhase(run, "verification");
            try (DrillDatabase.Hold hold = database.hold("venue_ranking", "access share")) {
                Await.that("retention tries", 60, () -> database.holds("""
                        select exists (select from batch_step_execution s join run r using (job_execution_id)
                                       where r.id = ? and s.step_name = 'retention' and s.status = 'STARTED')
                        """, run));
                victim.kill();
                hold.release();
            }
        }
        long at = System.nanoTime();
        Result first = recovered(run, at);
        drill.awaitIdle();
        long next = drill.nextRun();
        try (LunaProcess after = drill.victim()) {
            after.exitCode(60);
        }
        long kept = database.number("select count(*) from run where storage_dropped_at is null");
        long instances = database.number("select count(*) from batch_job_instance");
        boolean tidy = kept == 3 && instances == 3 && drill.isAsUndisturbed(next);
        return new Result(
                "was published already; the next run dropped what was left: %d runs, %d job records kept"
                        .formatted(kept, instances),
                first.seconds(),
                first.checksumEqual(),
                first.ok() && tidy);
    }

    private Result killAtRandom() throws SQLException, IOException, InterruptedException {
        long run = drill.nextRun();
        String phase;
        try (LunaProcess victim = drill.victim()) {
            Await.that(
                    "run %d has begun".formatted(run),
                    60,
                    () -> database.holds("select exists (select from run where id = ?)", run));
            Thread.sleep(random.nextInt(3000));
            phase = database.text("select phase from run where id = ?", run);
            victim.kill();
        }
        Result result = recovered(run, System.nanoTime());
        return new Result(
                result.outcome() + "; struck in " + phase, result.seconds(), result.checksumEqual(), result.ok());
    }

    private Result terminateInScoring() throws SQLException, IOException, InterruptedException {
        long run = drill.nextRun();
        long at;
        try (LunaProcess victim = drill.victim()) {
            drill.awaitChunks(run);
            at = System.nanoTime();
            victim.signal("TERM");
            victim.exitCode(30);
        }
        return stoppedAndResumed(run, at);
    }

    private Result terminateWhileHeld(String table, String mode)
            throws SQLException, IOException, InterruptedException {
        long run = drill.nextRun();
        long at;
        long done;
        try (DrillDatabase.Hold hold = database.hold(table, mode);
                LunaProcess victim = drill.victim()) {
            hold.awaitWaiter();
            at = System.nanoTime();
            victim.signal("TERM");
            Await.that(
                    "the run is stopped",
                    20,
                    () -> database.holds("select state = 'stopped' from run where id = ?", run));
            done = System.nanoTime();
            victim.exitCode(30);
        }
        return stoppedAndResumed(run, at, done);
    }

    private Result stoppedAndResumed(long run, long at) throws SQLException, IOException, InterruptedException {
        return stoppedAndResumed(run, at, System.nanoTime());
    }

    private Result stoppedAndResumed(long run, long at, long done)
            throws SQLException, IOException, InterruptedException {
        String state = database.text("select state from run where id = ?", run);
        double seconds = (done - at) / 1e9;
        if (!"stopped".equals(state)) {
            return new Result("the run is " + state, seconds, null, false);
        }
        drill.restart(run);
        drill.awaitPublished(run);
        boolean equal = drill.isAsUndisturbed(run);
        return new Result("stopped, then resumed by `restart`", seconds, equal, equal && seconds <= STOP_SECONDS);
    }

    private Result freeze(boolean untilTheEnd) throws SQLException, IOException, InterruptedException {
        long run = drill.nextRun();
        long at;
        int exit;
        try (LunaProcess victim = drill.victim()) {
            drill.awaitChunks(run);
            victim.signal("STOP");
            at = System.nanoTime();
            String owner = Objects.requireNonNull(database.text("select owner from run_lease"), "nobody owns the run");
            if (untilTheEnd) {
                drill.awaitPublished(run);
            } else {
                Await.that(
                        "another took the run over",
                        60,
                        () -> database.holds("select owner is distinct from ? from run_lease", owner));
            }
            victim.signal("CONT");
            Result result = recovered(run, at);
            exit = victim.exitCode(60);
            // What the woken owner may have tried is over: look again.
            boolean equal = drill.isAsUndisturbed(run);
            return new Result(
                    result.outcome() + "; the woken owner wrote nothing and ended with " + exit,
                    result.seconds(),
                    equal,
                    result.ok() && equal);
        }
    }

    private Result restartDatabase() throws SQLException, IOException, InterruptedException {
        long run = drill.nextRun();
        try (LunaProcess victim = drill.victim()) {
            drill.awaitChunks(run);
            drill.reader().expectErrors(true);
            database.restart();
            long at = System.nanoTime();
            Thread.sleep(TimeUnit.SECONDS.toMillis(2));
            drill.reader().expectErrors(false);
            Result result = recovered(run, at);
            victim.exitCode(60);
            return result;
        }
    }

    private Result startTwice() throws SQLException, InterruptedException {
        long run = drill.nextRun();
        long at = System.nanoTime();
        List<Integer> answers = drill.startFromBoth();
        Result result = recovered(run, at);
        drill.awaitIdle();
        long newest = database.number("select max(id) from run");
        boolean one = newest == run && answers.contains(202) && answers.contains(409);
        return new Result(
                "answers " + answers + ", " + (newest - run + 1) + " run",
                result.seconds(),
                result.checksumEqual(),
                result.ok() && one);
    }

    private Result killDatabaseStarter() throws SQLException, IOException, InterruptedException {
        long run = drill.nextRun();
        long at;
        try (LunaProcess victim = drill.victim()) {
            drill.awaitChunks(run);
            at = System.nanoTime();
            drill.killHealer();
            Result result = recovered(run, at);
            int exit = victim.exitCode(60);
            drill.replaceHealer();
            return new Result(
                    result.outcome() + "; the others did not notice",
                    result.seconds(),
                    result.checksumEqual(),
                    result.ok() && exit == 0);
        }
    }

    /** Waits for the run to be published by whoever, without doing anything for it. */
    private Result recovered(long run, long at) throws SQLException, InterruptedException {
        drill.awaitPublished(run);
        double seconds = (System.nanoTime() - at) / 1e9;
        boolean equal = drill.isAsUndisturbed(run);
        return new Result("resumed by itself, published", seconds, equal, equal);
    }

    private record Result(
            String outcome,
            @Nullable Double seconds,
            @Nullable Boolean checksumEqual,
            boolean ok) {}

    /** One fault and what came of it. */
    private interface Fault {
        Result strike() throws SQLException, IOException, InterruptedException;
    }

    /** What is done to a process. */
    private interface Blow {
        void strike(LunaProcess process) throws IOException, InterruptedException;
    }
}
