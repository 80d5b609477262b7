package dev.luna.batch.drill;

import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;

/** Processes that are told to end, frozen and woken, or started at the same instant. */
final class SignalFaults {

    /** What a stop may take. */
    private static final double STOP_SECONDS = 10;

    private final Drill drill;
    private final DrillDatabase database;

    SignalFaults(Drill drill) {
        this.drill = drill;
        this.database = drill.database();
    }

    Result terminateInScoring() throws SQLException, IOException, InterruptedException {
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

    Result terminateWhileHeld(String table, String mode) throws SQLException, IOException, InterruptedException {
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

    Result freeze(boolean untilTheEnd) throws SQLException, IOException, InterruptedException {
        long run = drill.nextRun();
        try (LunaProcess victim = drill.victim()) {
            drill.awaitChunks(run);
            victim.signal("STOP");
            long at = System.nanoTime();
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
            return woken(victim, run, drill.recovered(run, at));
        }
    }

    /** Frozen in a statement that waits for a table; it then gets that, and holds it and all else of its transaction. */
    Result freezeWhileHeld(String table, String mode) throws SQLException, IOException, InterruptedException {
        long run = drill.nextRun();
        try (LunaProcess victim = drill.heldVictim(table, mode, process -> process.signal("STOP"))) {
            Result result = drill.recovered(run, System.nanoTime());
            victim.signal("CONT");
            return woken(victim, run, result);
        }
    }

    /** What the woken owner may have tried is over when it has ended: look again. */
    private Result woken(LunaProcess victim, long run, Result result)
            throws SQLException, IOException, InterruptedException {
        int exit = victim.exitCode(60);
        return result.and("the woken owner wrote nothing and ended with " + exit, drill.isAsUndisturbed(run));
    }

    Result startTwice() throws SQLException, InterruptedException {
        long run = drill.nextRun();
        long at = System.nanoTime();
        List<Integer> answers = drill.startFromBoth();
        Result result = drill.recovered(run, at);
        drill.awaitIdle();
        long newest = database.number("select max(id) from run");
        boolean one = newest == run && answers.contains(202) && answers.contains(409);
        return new Result(
                "answers " + answers + ", " + (newest - run + 1) + " run",
                result.seconds(),
                result.checksumEqual(),
                result.ok() && one);
    }
}
