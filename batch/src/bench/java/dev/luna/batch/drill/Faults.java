package dev.luna.batch.drill;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** All faults, in order, and what came of each. */
final class Faults {

    private final Drill drill;
    private final KillFaults kills;
    private final SignalFaults signals;
    private final ConnectionFaults connections;
    private final List<Struck> struck = new ArrayList<>();
    private final FaultDrill.Choice choice;
    private final Consumer<Struck> onStruck;

    /** @param onStruck told each row as it comes */
    Faults(Drill drill, FaultDrill.Choice choice, Consumer<Struck> onStruck) {
        this.drill = drill;
        this.kills = new KillFaults(drill);
        this.signals = new SignalFaults(drill);
        this.connections = new ConnectionFaults(drill);
        this.choice = choice;
        this.onStruck = onStruck;
    }

    /** Lets the chosen faults strike, one after another. */
    List<Struck> all() throws InterruptedException {
        int draws = choice.draws();
        strike("SIGKILL", "in snapshot", () -> kills.whileHeld("user_social_edges", "access exclusive"));
        strike("SIGKILL", "in scoring", kills::inScoring);
        strike(
                "SIGKILL",
                "between last chunk and publish",
                () -> kills.whileHeld("run_venue", "share update exclusive"));
        strike("SIGKILL", "in verification, keys built", kills::inVerification);
        strike(
                "SIGKILL",
                "in publication, before its commit",
                () -> kills.whileHeld("published_run", "share row exclusive"));
        strike("SIGKILL", "in retention", kills::inRetention);
        for (int n = 1; n <= draws; n++) {
            int draw = n;
            strike("SIGKILL", "at a random moment" + of(n, draws), () -> kills.atRandom(draw, draws));
        }
        strike("SIGTERM", "in scoring", signals::terminateInScoring);
        strike("SIGTERM", "in snapshot", () -> signals.terminateWhileHeld("user_social_edges", "access exclusive"));
        strike("SIGTERM", "in verification", () -> signals.terminateWhileHeld("run_venue", "share update exclusive"));
        strike("SIGSTOP, SIGCONT", "in scoring, woken when the run is over", () -> signals.freeze(true));
        strike("SIGSTOP, SIGCONT", "in scoring, woken while another works on it", () -> signals.freeze(false));
        strike(
                "SIGSTOP, SIGCONT",
                "in snapshot, with what it staged",
                () -> signals.freezeWhileHeld("run_partition", "share"));
        strike(
                "SIGSTOP, SIGCONT",
                "in publication, before its commit",
                () -> signals.freezeWhileHeld("published_run", "share row exclusive"));
        String cut = "pg_terminate_backend";
        strike(cut, "every session, in snapshot", () -> connections.cut("user_social_edges", "access exclusive"));
        strike(cut, "every session, in scoring", () -> connections.cutInScoring(1));
        strike(cut, "every session, in scoring, ten times", () -> connections.cutInScoring(10));
        strike(cut, "every session, in verification", () -> connections.cut("run_venue", "share update exclusive"));
        strike(cut, "every session, in publication", () -> connections.cut("published_run", "share row exclusive"));
        strike(cut, "every session, in a server's run", connections::cutServer);
        strike("database restart", "in scoring", connections::restartDatabase);
        for (int n = 1; n <= draws; n++) {
            strike("two starters", "at the same instant" + of(n, draws), signals::startTwice);
        }
        // Each of these starts a server anew, or the database.
        int few = (draws + 3) / 4;
        for (int n = 1; n <= few; n++) {
            strike("SIGKILL", "a server, while others use the database" + of(n, few), kills::server);
        }
        for (int n = 1; n <= few; n++) {
            strike("SIGKILL", "the database, which only servers use" + of(n, few), connections::killDatabase);
        }
        return List.copyOf(struck);
    }

    private static String of(int n, int count) {
        return " (%d of %d)".formatted(n, count);
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

    /** One fault and what came of it. */
    private interface Fault {
        Result strike() throws SQLException, IOException, InterruptedException;
    }
}
