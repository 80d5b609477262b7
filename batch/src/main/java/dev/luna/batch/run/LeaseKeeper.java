package dev.luna.batch.run;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/**
 * Renews the leases of runs this process works on, every third of their length, on a thread of its own so that a busy
 * computation cannot lose its run. Thread-safe.
 */
@Component
class LeaseKeeper implements DisposableBean {

    private static final Logger log = LoggerFactory.getLogger(LeaseKeeper.class);

    private final RunLease lease;
    private final RecomputeSettings settings;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "luna-lease");
        thread.setDaemon(true);
        return thread;
    });

    LeaseKeeper(RunLease lease, RecomputeSettings settings) {
        this.lease = lease;
        this.settings = settings;
    }

    /** Keeps the claim alive until the returned task is cancelled or the lease is lost. */
    ScheduledFuture<?> keep(Claim claim) {
        long third = settings.lease().toMillis() / 3;
        return timer.scheduleWithFixedDelay(() -> renew(claim), third, third, TimeUnit.MILLISECONDS);
    }

    private void renew(Claim claim) {
        boolean isHeld = true;
        try {
            isHeld = lease.renew(claim);
        } catch (DataAccessException e) {
            // The database may be back before the lease ends; whether the run is still ours, the token decides.
            log.warn(
                    "Could not renew the lease on run {}: {}",
                    claim.runId(),
                    e.getMostSpecificCause().getMessage());
        } catch (RuntimeException | Error e) {
            // Thrown on, it would end the schedule without a word, and the next renewal may well succeed.
            log.error("Could not renew the lease on run {}", claim.runId(), e);
        }
        if (!isHeld) {
            // Throwing ends the schedule; the fence in every transaction does the rest.
            throw new LeaseLostException(claim);
        }
    }

    @Override
    public void destroy() {
        timer.shutdownNow();
    }
}
