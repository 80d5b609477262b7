package dev.luna.batch.drill;

import java.io.IOException;
import java.sql.SQLException;

/** Sessions that are cut, and databases that go away, while every process stays. */
final class ConnectionFaults {

    /** Time for the victim to come back before it is cut off again. */
    private static final long PAUSE_MILLIS = 300;

    private static final int EXIT_SECONDS = 60;

    private final Drill drill;
    private final DrillDatabase database;
    private long cutAt;

    ConnectionFaults(Drill drill) {
        this.drill = drill;
        this.database = drill.database();
    }

    /** Cuts every session while the victim waits for a table. */
    Result cut(String table, String mode) throws SQLException, IOException, InterruptedException {
        long run = drill.nextRun();
        try (LunaProcess victim = drill.heldVictim(table, mode, process -> cutAll())) {
            return goesOn(victim, run, cutAt);
        }
    }

    /** Cuts every session so many times while the victim scores; the later ones may find it further on. */
    Result cutInScoring(int times) throws SQLException, IOException, InterruptedException {
        long run = drill.nextRun();
        try (LunaProcess victim = drill.victim()) {
            drill.awaitChunks(run);
            long at = System.nanoTime();
            for (int n = 0; n < times; n++) {
                cutAll();
                Thread.sleep(PAUSE_MILLIS);
            }
            return goesOn(victim, run, at);
        }
    }

    /** The command that makes the run outlives it, and so does the run. */
    private Result goesOn(LunaProcess victim, long run, long at)
            throws SQLException, IOException, InterruptedException {
        Result result = drill.recovered(run, at);
        int exit = victim.exitCode(EXIT_SECONDS);
        return result.and("the command ended with " + exit, exit == 0);
    }

    Result cutServer() throws SQLException, InterruptedException, IOException {
        long run = drill.nextRun();
        drill.startAtServer();
        drill.awaitChunks(run);
        cutAll();
        return drill.recovered(run, cutAt);
    }

    private void cutAll() throws SQLException {
        drill.reader().expectErrors();
        cutAt = System.nanoTime();
        database.cutAllSessions();
        drill.reader().expectNoErrors();
    }

    Result restartDatabase() throws SQLException, IOException, InterruptedException {
        long run = drill.nextRun();
        try (LunaProcess victim = drill.victim()) {
            drill.awaitChunks(run);
            drill.reader().expectErrors();
            long at = System.nanoTime();
            database.restart();
            awaitDatabase();
            return goesOn(victim, run, at);
        }
    }

    /** Nobody comes who would start it, so one of those who use it must. */
    Result killDatabase() throws SQLException, IOException, InterruptedException {
        long run = drill.nextRun();
        drill.startAtServer();
        drill.awaitChunks(run);
        drill.reader().expectErrors();
        database.kill();
        long at = System.nanoTime();
        awaitDatabase();
        return drill.recovered(run, at).and("a server started the database again", true);
    }

    private void awaitDatabase() throws InterruptedException {
        Await.that("the database answers", EXIT_SECONDS, () -> database.holds("select true"));
        drill.reader().expectNoErrors();
    }
}
