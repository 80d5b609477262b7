package dev.luna.batch.run;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/** Stops a run because its process shuts down: asks its computation, and takes the run from it if that does not stop. */
@Component
class RunShutdown {

    private static final Logger log = LoggerFactory.getLogger(RunShutdown.class);

    /** How long a run has to stop by itself. */
    private static final Duration GRACE = Duration.ofSeconds(6);

    private static final long POLL_MILLIS = 250;

    private final RunJob job;
    private final RunLock lock;
    private final RunLease lease;
    private final RunStore runs;
    private final TransactionTemplate transaction;

    RunShutdown(RunJob job, RunLock lock, RunLease lease, RunStore runs, PlatformTransactionManager transactions) {
        this.job = job;
        this.lock = lock;
        this.lease = lease;
        this.runs = runs;
        this.transaction = new TransactionTemplate(transactions);
    }

    /** Returns when the run is stopped, or cannot be: it is resumed then when its lease lapses. */
    void stop(Work work) {
        try {
            if (!stopsByItself(work)) {
                withdraw(work.claim());
            }
        } catch (DataAccessException | TransactionException e) {
            log.warn(
                    "Could not stop run {}; when its lease lapses it is resumed",
                    work.claim().runId(),
                    e);
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts a shutdown", e);
        }
    }

    /** The request is repeated: an execution that is just being created cannot hear the first one. */
    private boolean stopsByItself(Work work) throws InterruptedException {
        long begun = System.nanoTime();
        do {
            try {
                job.requestStop(work.claim());
            } catch (DataAccessException | TransactionException e) {
                // The database is away: the run hears it when that is back, or ends by finding this process shut down.
                log.info(
                        "Run {} could not be asked to stop; trying again",
                        work.claim().runId());
            }
            if (work.isOverWithin(POLL_MILLIS)) {
                return true;
            }
        } while (System.nanoTime() - begun < GRACE.toNanos());
        return false;
    }

    /** Ends the run, if it has not ended, as stopped although its computation goes on: the fence keeps that from writing. */
    private void withdraw(Claim claim) {
        transaction.executeWithoutResult(tx -> {
            lock.take();
            if (lease.revoke(claim) && runs.end(claim.runId(), RunState.STOPPED, null)) {
                log.info("Run {} was stopped in the middle of a step, which a restart does again", claim.runId());
            }
        });
    }
}
