package dev.luna.batch.run;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Gets runs to work in this process: decides under the lock, claims, and hands the claim to the worker. Thread-safe. */
@Component
class RunLauncher {

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
     * that is lost meanwhile is outlasted, and a claim whose commit came through without an answer is found again.
     *
     * @param decision the claim on the run to work on; empty if there is none. Asked again if its transaction was lost
     * @throws RunRefusedException if this process is shutting down, or the decision refuses
     */
    Optional<Run> launch(Supplier<Optional<Claim>> decision) {
        if (!worker.isAccepting()) {
            throw new RunRefusedException("This process is shutting down; start the run from another one");
        }
        return claim(decision).map(claimed -> {
            worker.begin(claimed);
            return Reconnection.outlast(() -> store.get(claimed.runId()));
        });
    }

    private Optional<Claim> claim(Supplier<Optional<Claim>> decision) {
        AtomicReference<@Nullable Claim> unanswered = new AtomicReference<>();
        return Reconnection.outlast(() -> {
            Claim before = unanswered.get();
            if (before != null && lease.isOwn(before)) {
                return Optional.of(before);
            }
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
        store.resume(run.id(), ended || holder == null ? null : holder.owner().leaseUntil());
        return lease.take(run.id());
    }

    /** Ends a run that nobody works on any more as stopped. Needs {@link RunLock}. */
    void end(Run run, RunLease.@Nullable Holder holder) {
        Claim claim = takeOver(run, holder);
        store.end(run.id(), RunState.STOPPED, null);
        lease.release(claim);
    }

    /** @throws RunRefusedException naming the run, its owner and since when, if the lease is live */
    void refuseIfLive(RunLease.@Nullable Holder holder) {
        if (holder != null && holder.owner().live()) {
            Run run = store.get(holder.runId());
            throw new RunRefusedException(
                    "Run %d is already under way since %s on %s (lease until %s); watch it with `luna runs watch %d`, stop it with `luna runs stop %d`"
                            .formatted(
                                    run.id(),
                                    holder.owner().since(),
                                    holder.owner().name(),
                                    holder.owner().leaseUntil(),
                                    run.id(),
                                    run.id()),
                    run);
        }
    }
}
