package dev.luna.batch.run;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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

    /** Attempts in a row that may end in a lost connection before the run counts as failed. */
    private static final int RECONNECTS = 10;

    /** How long a shutdown waits for a run to stop by itself; with what follows it takes less than 10 s. */
    private static final Duration STOP_GRACE = Duration.ofSeconds(6);

    private static final long POLL_MILLIS = 250;

    private final RunJob job;
    private final RunLock lock;
    private final RunLease lease;
    private final LeaseKeeper keeper;
    private final RunStore runs;
    private final RecomputeSettings settings;
    private final TransactionTemplate transaction;
    private final Map<Long, Work> working = new ConcurrentHashMap<>();
    private volatile boolean accepting = true;

    RunWorker(
            RunJob job,
            RunLock lock,
            RunLease lease,
            LeaseKeeper keeper,
            RunStore runs,
            RecomputeSettings settings,
            PlatformTransactionManager transactions) {
        this.job = job;
        this.lock = lock;
        this.lease = lease;
        this.keeper = keeper;
        this.runs = runs;
        this.settings = settings;
        this.transaction = new TransactionTemplate(transactions);
    }

    /** Whether this process still takes runs; false once it shuts down. */
    boolean isAccepting() {
        return accepting;
    }

    /** Starts working on a claimed run in the background. */
    void begin(Claim claim) {
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

    private void work(Claim claim) {
        Future<?> kept = keeper.keep(claim);
        try {
            RunOutcome outcome = execute(claim);
            for (int n = 0; outcome.end() == RunOutcome.End.DISCONNECTED && n < RECONNECTS && accepting; n++) {
                log.warn(
                        "Run {} lost its database connection ({}); it goes on when the database answers",
                        claim.runId(),
                        outcome.failure() == null ? "" : outcome.failure().reason());
                if (!isStillOwn(claim)) {
                    return;
                }
                outcome = execute(claim);
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
            log.error("Run {} failed outside its job", claim.runId(), e);
            return new RunOutcome(
                    RunOutcome.End.FAILED,
                    RunFailure.of(
                            "the run's own thread",
                            List.of(e.getClass().getSimpleName() + ": " + e.getMessage()),
                            "This is a defect; the owner's log has the stack trace."));
        }
    }

    /** Asks the database until it answers, for at most one length of the lease: after that another may own the run. */
    private boolean isStillOwn(Claim claim) {
        long waitMillis = Math.max(100, settings.lease().toMillis() / 50);
        for (int n = 0; n < 50; n++) {
            try {
                if (lease.renew(claim)) {
                    return true;
                }
                throw new LeaseLostException(claim);
            } catch (DataAccessException e) {
                try {
                    Thread.sleep(waitMillis);
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                    return false;
                }
            }
        }
        return false;
    }

    private void end(Claim claim, RunOutcome outcome) {
        transaction.executeWithoutResult(tx -> {
            lease.prove(claim);
            switch (outcome.end()) {
                case STOPPED -> runs.end(claim.runId(), RunState.STOPPED, null);
                case FAILED, DISCONNECTED -> runs.end(claim.runId(), RunState.FAILED, outcome.failure());
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
        accepting = true;
    }

    @Override
    public void stop() {
        accepting = false;
        for (Work work : working.values()) {
            try {
                if (!stopsByItself(work.claim().runId())) {
                    withdraw(work.claim());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (DataAccessException | TransactionException e) {
                log.warn(
                        "Could not stop run {}; when its lease lapses it is resumed",
                        work.claim().runId(),
                        e);
            }
        }
    }

    /** The request is repeated: an execution that is just being created cannot hear the first one. */
    private boolean stopsByItself(long runId) throws InterruptedException {
        for (long waited = 0; waited < STOP_GRACE.toMillis(); waited += POLL_MILLIS) {
            job.requestStop(runId);
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

    @Override
    public boolean isRunning() {
        return accepting;
    }

    @Override
    public int getPhase() {
        // Stopped before anything that a running computation needs.
        return Integer.MAX_VALUE;
    }

    /** A run this process works on; done once its thread is over. */
    private record Work(Claim claim, CompletableFuture<@Nullable Void> done) {}
}
