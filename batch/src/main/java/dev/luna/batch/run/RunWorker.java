package dev.luna.batch.run;

import dev.luna.batch.database.Disconnection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Works on the runs this process owns, each on a thread of its own: keeps the lease, executes the job, records the end.
 *
 * <p>When the application shuts down it goes first: runs are asked to stop, their chunks under way commit, and they end
 * as stopped while the database is still there. A run that is in the middle of something longer than that is taken from
 * its computation: what that had not committed is done again after a restart. Thread-safe.
 */
@Component
class RunWorker implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(RunWorker.class);

    /** Pauses before asking a database that went away again: doubled each time, up to the longest. */
    private static final long SHORTEST_PAUSE_MILLIS = 100;

    private static final long LONGEST_PAUSE_MILLIS = 2000;

    /** How often the database is asked again while the process shuts down, before the run is left to its lease. */
    private static final int LAST_ATTEMPTS = 4;

    /** How long a shutdown takes to stop what it works on; with the intake's less than 10 s. */
    private static final Duration STOP_PATIENCE = Duration.ofMillis(7500);

    private final RunJob job;
    private final RunLease lease;
    private final LeaseKeeper keeper;
    private final RunStore runs;
    private final RunShutdown shutdown;
    private final TransactionTemplate transaction;
    private final Map<Long, Work> working = new ConcurrentHashMap<>();
    private final Intake intake = new Intake();

    RunWorker(
            RunJob job,
            RunLease lease,
            LeaseKeeper keeper,
            RunStore runs,
            RunShutdown shutdown,
            PlatformTransactionManager transactions) {
        this.job = job;
        this.lease = lease;
        this.keeper = keeper;
        this.runs = runs;
        this.shutdown = shutdown;
        this.transaction = new TransactionTemplate(transactions);
    }

    /** @throws ShuttingDownException if this process is shutting down */
    void refuseIfShuttingDown() {
        intake.refuseIfClosed();
    }

    /**
     * Claims a run and starts working on it in the background.
     * @throws ShuttingDownException if this process is shutting down
     */
    Optional<Claim> begin(Supplier<Optional<Claim>> claim) {
        return intake.take(() -> {
            Optional<Claim> claimed = claim.get();
            claimed.ifPresent(this::begin);
            return claimed;
        });
    }

    private void begin(Claim claim) {
        Work started = Work.on(claim);
        working.put(claim.runId(), started);
        Thread thread = new Thread(
                () -> {
                    try {
                        work(claim);
                    } finally {
                        forget(started);
                    }
                },
                "luna-run-" + claim.runId());
        thread.setDaemon(true);
        try {
            thread.start();
        } catch (Throwable e) { // no more threads to be had, say; when the lease lapses the run is resumed
            forget(started);
            throw e;
        }
    }

    private void forget(Work work) {
        working.remove(work.claim().runId(), work);
        work.over();
    }

    /** Waits up to so long for this process to be done with the run. False if it still works on it. */
    boolean awaitOwn(long runId, long millis) throws InterruptedException {
        Work work = working.get(runId);
        return work == null || work.isOverWithin(millis);
    }

    boolean isWorkingOn(long runId) {
        return working.containsKey(runId);
    }

    /**
     * A lost connection or a deadlock ends nothing, however often: the same run goes on as soon as the database answers, unless
     * another process took it meanwhile. A process that shuts down leaves it stopped, as it would with the connection.
     */
    private void work(Claim claim) {
        Future<?> kept = keeper.keep(claim);
        try {
            RunOutcome outcome = executeUnlessShutDown(claim);
            for (int losses = 0; outcome.end() == RunOutcome.End.DISCONNECTED; losses++) {
                // Or a stop, which writes the job's record as well, came between; it is heard when the run goes on.
                log.warn(
                        "Run {} was interrupted ({}); it goes on when the database answers",
                        claim.runId(),
                        outcome.failure() == null ? "" : outcome.failure().reason());
                awaitDatabase(claim, losses);
                outcome = executeUnlessShutDown(claim);
            }
            end(claim, outcome);
        } catch (LeaseLostException e) {
            log.warn("{}; it wrote nothing since", e.getMessage());
        } catch (DataAccessException | TransactionException e) {
            log.error("Run {} could not record its end; when its lease lapses it is resumed", claim.runId(), e);
        } finally {
            kept.cancel(false);
        }
    }

    private RunOutcome executeUnlessShutDown(Claim claim) {
        if (!intake.isOpen()) {
            return new RunOutcome(RunOutcome.End.STOPPED, null);
        }
        try {
            return job.execute(claim);
        } catch (RuntimeException | Error e) {
            if (!lease.isOwn(claim)) {
                // Whoever has the run now may have removed the job's records with it.
                throw new LeaseLostException(claim);
            }
            log.error("Run {} failed outside its job", claim.runId(), e);
            return new RunOutcome(
                    RunOutcome.End.FAILED,
                    RunFailure.of(
                            "the run's own thread",
                            List.of(e.getClass().getSimpleName() + ": " + e.getMessage()),
                            "This is a defect; the stack trace is in " + ProcessName.log() + "."));
        }
    }

    /**
     * Returns when the database answers and the run is still the claimant's.
     *
     * @param losses how often in a row the connection was lost before; the more, the longer it is left alone
     * @throws LeaseLostException if another process took the run over
     * @throws DataAccessException if the database does not come back while this process shuts down
     */
    private void awaitDatabase(Claim claim, int losses) {
        for (int n = losses, attempt = 1; ; n++, attempt++) {
            if (!Pause.of(Math.min(LONGEST_PAUSE_MILLIS, SHORTEST_PAUSE_MILLIS << Math.min(n, 10)))) {
                throw new IllegalStateException("nobody interrupts the thread of a run");
            }
            try {
                if (!lease.renew(claim)) {
                    throw new LeaseLostException(claim);
                }
                return;
            } catch (DataAccessException e) {
                if (!Disconnection.isCauseOf(e) || !intake.isOpen() && attempt >= LAST_ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    /** Records the end, again if the connection is lost meanwhile: an end that was recorded without an answer stays as it is. */
    private void end(Claim claim, RunOutcome outcome) {
        for (int losses = 0; ; losses++) {
            try {
                record(claim, outcome);
                return;
            } catch (DataAccessException | TransactionException e) {
                if (!Disconnection.isCauseOf(e)) {
                    throw e;
                }
                awaitDatabase(claim, losses);
            }
        }
    }

    private void record(Claim claim, RunOutcome outcome) {
        transaction.executeWithoutResult(tx -> {
            lease.prove(claim);
            switch (outcome.end()) {
                case STOPPED -> runs.end(claim.runId(), RunState.STOPPED, null);
                case DISCONNECTED ->
                    throw new IllegalStateException("run %d was only disconnected".formatted(claim.runId()));
                case FAILED -> runs.end(claim.runId(), RunState.FAILED, outcome.failure());
                // Held or published by its own steps; anything else is a defect that must not look like success.
                case COMPLETED ->
                    runs.end(
                            claim.runId(),
                            RunState.FAILED,
                            RunFailure.of(
                                    "publication",
                                    List.of("the job ended without a decision to publish"),
                                    "This is a defect; more is in " + ProcessName.log() + "."));
            }
            lease.release(claim);
        });
    }

    @Override
    public void start() {
        intake.open();
    }

    @Override
    public void stop() {
        stop(STOP_PATIENCE);
    }

    void stop(Duration patience) {
        try {
            intake.close();
            // On a thread of its own: who asks a database that is away waits for as long as the pool says.
            Thread stopping = new Thread(() -> working.values().forEach(shutdown::stop), "luna-stop-runs");
            stopping.setDaemon(true);
            stopping.start();
            stopping.join(patience.toMillis());
            if (stopping.isAlive()) {
                log.warn("The database does not answer; a run that was not stopped is resumed when its lease lapses");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether this process still takes runs; false once it shuts down. */
    @Override
    public boolean isRunning() {
        return intake.isOpen();
    }

    @Override
    public int getPhase() {
        // Stopped before anything that a running computation needs.
        return Integer.MAX_VALUE;
    }
}
