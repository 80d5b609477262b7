package dev.luna.batch.run;

import dev.luna.batch.database.Disconnection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
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

    /** How long a shutdown waits for a run to stop by itself; with what follows it takes less than 10 s. */
    private static final Duration STOP_GRACE = Duration.ofSeconds(6);

    private static final long POLL_MILLIS = 250;

    private final RunJob job;
    private final RunLock lock;
    private final RunLease lease;
    private final LeaseKeeper keeper;
    private final RunStore runs;
    private final TransactionTemplate transaction;
    private final Map<Long, Work> working = new ConcurrentHashMap<>();
    private final Intake intake = new Intake();

    RunWorker(
            RunJob job,
            RunLock lock,
            RunLease lease,
            LeaseKeeper keeper,
            RunStore runs,
            PlatformTransactionManager transactions) {
        this.job = job;
        this.lock = lock;
        this.lease = lease;
        this.keeper = keeper;
        this.runs = runs;
        this.transaction = new TransactionTemplate(transactions);
    }

    /**
     * Claims a run and starts working on it in the background.
     * @throws RunRefusedException if this process is shutting down
     */
    Optional<Claim> begin(Supplier<Optional<Claim>> claim) {
        return intake.take(() -> {
            Optional<Claim> claimed = claim.get();
            claimed.ifPresent(this::begin);
            return claimed;
        });
    }

    private void begin(Claim claim) {
        CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
        Work started = new Work(claim, done);
        working.put(claim.runId(), started);
        Thread thread = new Thread(
                () -> {
                    try {
                        work(claim);
                    } finally {
                        working.remove(claim.runId(), started);
                        done.complete(null);
                    }
                },
                "luna-run-" + claim.runId());
        thread.setDaemon(true);
        thread.start();
    }

    /** Waits up to so long for this process to be done with the run. False if it still works on it. */
    boolean awaitOwn(long runId, long millis) throws InterruptedException {
        Work work = working.get(runId);
        if (work == null) {
            return true;
        }
        try {
            work.done().get(millis, TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException("a run's thread completes its future normally", e);
        }
    }

    boolean isWorkingOn(long runId) {
        return working.containsKey(runId);
    }

    /**
     * A lost connection ends nothing, however often it is lost: the same run goes on as soon as the database answers, unless
     * another process took it meanwhile. A process that shuts down leaves it stopped, as it would with the connection.
     */
    private void work(Claim claim) {
        Future<?> kept = keeper.keep(claim);
        try {
            RunOutcome outcome = execute(claim);
            for (int losses = 0; outcome.end() == RunOutcome.End.DISCONNECTED; losses++) {
                log.warn(
                        "Run {} lost its database connection ({}); it goes on when the database answers",
                        claim.runId(),
                        outcome.failure() == null ? "" : outcome.failure().reason());
                awaitDatabase(claim, losses);
                outcome = intake.isOpen() ? execute(claim) : new RunOutcome(RunOutcome.End.STOPPED, null);
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

    private RunOutcome execute(Claim claim) {
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
                            "This is a defect; the owner's log has the stack trace."));
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
                                    "This is a defect; the owner's log tells more."));
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
        try {
            intake.close();
            for (Work work : working.values()) {
                stop(work.claim());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void stop(Claim claim) throws InterruptedException {
        try {
            if (!stopsByItself(claim.runId())) {
                withdraw(claim);
            }
        } catch (DataAccessException | TransactionException e) {
            log.warn("Could not stop run {}; when its lease lapses it is resumed", claim.runId(), e);
        }
    }

    /** The request is repeated: an execution that is just being created cannot hear the first one. */
    private boolean stopsByItself(long runId) throws InterruptedException {
        for (long waited = 0; waited < STOP_GRACE.toMillis(); waited += POLL_MILLIS) {
            try {
                job.requestStop(runId);
            } catch (DataAccessException | TransactionException e) {
                // The database is away: the run hears it when that is back, or ends by finding this process shut down.
                log.info("Run {} could not be asked to stop; trying again", runId);
            }
            if (awaitOwn(runId, POLL_MILLIS)) {
                return true;
            }
        }
        return false;
    }

    /** Ends the run as stopped although its computation goes on: from here on the fence keeps that from writing. */
    private void withdraw(Claim claim) {
        transaction.executeWithoutResult(tx -> {
            lock.take();
            if (lease.revoke(claim)) {
                runs.end(claim.runId(), RunState.STOPPED, null);
                log.info("Run {} was stopped in the middle of a step, which a restart does again", claim.runId());
            }
        });
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

    /** A run this process works on; done once its thread is over. */
    private record Work(Claim claim, CompletableFuture<@Nullable Void> done) {}
}
