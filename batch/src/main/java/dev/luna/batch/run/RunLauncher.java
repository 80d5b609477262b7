package dev.luna.batch.run;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Gets runs to work in this process: decides under the lock, claims, and hands the claim to the worker. Thread-safe. */
@Component
class RunLauncher {

    private static final long POLL_MILLIS = 100;

    private final RunStore store;
    private final RunLock lock;
    private final RunLease lease;
    private final RunWorker worker;
    private final TransactionTemplate transaction;

    RunLauncher(
            RunStore store, RunLock lock, RunLease lease, RunWorker worker, PlatformTransactionManager transactions) {
        this.store = store;
        this.lock = lock;
        this.lease = lease;
        this.worker = worker;
        this.transaction = new TransactionTemplate(transactions);
    }

    /**
     * Takes the decision in one transaction under the lock and begins the claimed run once that is committed. A connection
     * that is lost meanwhile is outlasted, and a claim whose commit came through without an answer is found again. A run in
     * the way is waited for as long as the patience lasts, without the lock.
     *
     * @param decision the claim on the run to work on; empty if there is none. Asked again if its transaction was lost
     * @param patience which run in the way to wait for, and how long
     * @throws RunRefusedException if this process is shutting down, or the decision refuses
     */
    Optional<Run> launch(Supplier<Optional<Claim>> decision, Patience patience) {
        return launch(decision, patience, System::nanoTime);
    }

    Optional<Run> launch(Supplier<Optional<Claim>> decision, Patience patience, LongSupplier nanoTime) {
        long begun = nanoTime.getAsLong();
        while (true) {
            try {
                return worker.begin(() -> claim(decision))
                        .map(claimed -> Reconnection.outlast(() -> store.get(claimed.runId())));
            } catch (RunRefusedException e) {
                Run inTheWay = e.run();
                // With what the attempts take: they wait for the lock.
                Duration waited = Duration.ofNanos(nanoTime.getAsLong() - begun);
                if (inTheWay == null
                        || !patience.lasts(inTheWay.kind(), inTheWay.state(), waited)
                        || !Pause.of(POLL_MILLIS)) {
                    throw e;
                }
            }
        }
    }

    private Optional<Claim> claim(Supplier<Optional<Claim>> decision) {
        AtomicReference<@Nullable Claim> unanswered = new AtomicReference<>();
        return Reconnection.outlast(() -> {
            Claim before = unanswered.get();
            if (before != null && lease.isOwn(before)) {
                return Optional.of(before);
            }
            worker.refuseIfShuttingDown();
            return transaction.execute(tx -> {
                lock.take();
                Optional<Claim> claim = decision.get();
                unanswered.set(claim.orElse(null));
                return claim;
            });
        });
    }

    /** Claims a run that nobody works on any more and puts it back to running. Needs {@link RunLock}. */
    Claim takeOver(Run run, RunLease.@Nullable Holder holder) {
        boolean ended = run.state() != RunState.RUNNING;
        // First: it ends the sessions of a frozen owner, which may have locked the run.
        Claim claim = lease.take(run.id());
        store.resume(run.id(), ended || holder == null ? null : holder.owner().leaseUntil());
        return claim;
    }

    /** Ends a run that nobody works on any more as stopped. Needs {@link RunLock}. */
    void end(Run run, RunLease.@Nullable Holder holder) {
        Claim claim = takeOver(run, holder);
        store.end(run.id(), RunState.STOPPED, null);
        lease.release(claim);
    }

    /**
     * @throws RunRefusedException naming the run, its owner and since when, if the lease is live. The lease outlives the run
     *     for a moment: while its process removes old runs, which nobody can or need stop
     */
    void refuseIfLive(RunLease.@Nullable Holder holder) {
        if (holder != null && holder.owner().live()) {
            Run run = store.get(holder.runId());
            throw new RunRefusedException(
                    run.state() == RunState.RUNNING ? underWay(run, holder.owner()) : tidyingUp(run, holder.owner()),
                    run);
        }
    }

    private static String underWay(Run run, RunOwner owner) {
        return "Run %d is already under way since %s on %s (lease until %s); watch it with `luna runs watch %d`, stop it with `luna runs stop %d`"
                .formatted(run.id(), owner.since(), owner.name(), owner.leaseUntil(), run.id(), run.id());
    }

    private static String tidyingUp(Run run, RunOwner owner) {
        return "Run %d is complete, but %s still removes old runs (lease until %s); try again in a moment"
                .formatted(run.id(), owner.name(), owner.leaseUntil());
    }
}
