package dev.luna.batch.drill;

import java.io.IOException;
import java.sql.SQLException;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * Processes that are killed. A window too small to hit from outside is held open by a lock of the drill's own session on the
 * table that the step needs next: strike, then release.
 */
final class KillFaults {

    /** Everything random in a drill follows from it. */
    private static final long SEED = 20_260_101;

    private final Drill drill;
    private final DrillDatabase database;
    private final Random random = new Random(SEED);

    KillFaults(Drill drill) {
        this.drill = drill;
        this.database = drill.database();
    }

    Result whileHeld(String table, String mode) throws SQLException, IOException, InterruptedException {
        long run = drill.nextRun();
        try (LunaProcess victim = drill.heldVictim(table, mode, LunaProcess::kill)) {
            long at = System.nanoTime();
            victim.exitCode(1);
            return drill.recovered(run, at);
        }
    }

    Result inScoring() throws SQLException, IOException, InterruptedException {
        long run = drill.nextRun();
        try (LunaProcess victim = drill.victim()) {
            drill.awaitChunks(run);
            try (DrillDatabase.Hold hold = database.hold("run_partition", "share")) {
                hold.awaitWaiter();
                victim.kill();
            }
        }
        return drill.recovered(run, System.nanoTime());
    }

    Result inVerification() throws SQLException, IOException, InterruptedException {
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
        return drill.recovered(run, System.nanoTime());
    }

    Result inRetention() throws SQLException, IOException, InterruptedException {
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
        Result first = drill.recovered(run, at);
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

    /**
     * Strikes at a moment drawn from the length of a run: the n-th of equal parts of it, and anywhere within that. Where a
     * run is by then goes by its own progress, so a slow machine is struck at the same places as a fast one.
     */
    Result atRandom(int n, int draws) throws SQLException, IOException, InterruptedException {
        RunSpan.Moment moment = drill.span().at((n - 1 + random.nextDouble()) / draws);
        long run = drill.nextRun();
        String struck;
        try (LunaProcess victim = drill.victim()) {
            drill.awaitPhase(run, moment.phase());
            if (moment.phase().equals("scoring")) {
                drill.awaitShare(run, moment.share());
            } else {
                TimeUnit.NANOSECONDS.sleep((long) (moment.share() * moment.seconds() * 1e9));
            }
            victim.kill();
            struck = database.text("""
                    select r.phase || case when r.phase = 'scoring' then ', ' || 100 * sum(p.users_done) / r.users_total || ' % done'
                                           else '' end
                    from run r left join run_partition p on p.run_id = r.id where r.id = ? group by r.id
                    """, run);
        }
        return drill.recovered(run, System.nanoTime()).and("struck in " + struck, true);
    }

    Result server() throws SQLException, IOException, InterruptedException {
        long run = drill.nextRun();
        long at;
        try (LunaProcess victim = drill.victim()) {
            drill.awaitChunks(run);
            at = System.nanoTime();
            drill.killHealer();
            Result result = drill.recovered(run, at);
            int exit = victim.exitCode(60);
            drill.replaceHealer();
            return result.and("the others did not notice", exit == 0);
        }
    }
}
