package dev.luna.batch.run;

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
 * as stopped while the database is still there. Thread-safe.
 */
@Component
class RunWorker implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(RunWorker.class);

    /** Attempts in a row that may end in a lost connection before the run counts as failed. */
    private static final int RECONNECTS = 10;

    private final RunJob job;
    private final RunLease lease;
    private final LeaseKeeper keeper;
    private final RunStore runs;
    private final RecomputeSettings settings;
    private final TransactionTemplate transaction;
    private final Map<Long, CompletableFuture<@Nullable Void>> working = new ConcurrentHashMap<>();
    private volatile boolean accepting = true;

    RunWorker(
            RunJob job,
            RunLease lease,
            LeaseKeeper keeper,
            RunStore runs,
            RecomputeSettings settings,
            PlatformTransactionManager transactions) {
        this.job = job;
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
        working.put(claim.runId(), done);
        Thread thread = new Thread(
                () -> {
                    try {
                        work(claim);
                    } finally {
                        working.remove(claim.runId(), done);
                        done.complete(null);
                    }
                },
                "luna-run-" + claim.runId());
        thread.setDaemon(true);
        thread.start();
    }

    /** Waits up to so long for this process to be done with the run. False if it still works on it. */
    boolean awaitOwn(long runId, long millis) throws InterruptedException {
        CompletableFuture<@Nullable Void> done = working.get(runId);
        if (done == null) {
            return true;
        }
        try {
            done.get(millis, TimeUnit.MILLISECONDS);
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
                        outcome.failure());
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
            return new RunOutcome(RunOutcome.End.FAILED, e.getClass().getSimpleName() + ": " + e.getMessage());
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
                    runs.end(claim.runId(), RunState.FAILED, "the job ended without a decision to publish");
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
        // The request is repeated: an execution that is just being created cannot hear the first one.
        for (Map.Entry<Long, CompletableFuture<@Nullable Void>> run : working.entrySet()) {
            try {
                do {
                    job.requestStop(run.getKey());
                } while (!awaitOwn(run.getKey(), 250));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (DataAccessException e) {
                log.warn(
                        "Could not ask run {} to stop: {}",
                        run.getKey(),
                        e.getMostSpecificCause().getMessage());
            }
        }
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
}
