package dev.luna.batch.run;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Gets runs to work in this process: decides under the lock, claims, and hands the claim to the worker. Thread-safe. */
@Component
class RunLauncher {

    private static final Logger log = LoggerFactory.getLogger(RunLauncher.class);

    private static final long POLL_MILLIS = 100;

    /** How often in a row a run is taken over where it stands, when nobody asks for it. */
    private static final int TAKE_OVERS = 3;

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
                if (inTheWay == null || !patience.lasts(inTheWay, waited) || !Pause.of(POLL_MILLIS)) {
                    throw e;
                }
            }
        }
    }

    private Optional<Claim> claim(Supplier<Optional<Claim>> decision) {
        AtomicReference<@Nullable Claim> unanswered = new AtomicReference<>();
        return Reconnection.outlast(() -> {
            Claim before = unanswered.get();
            if (before == null) {
                worker.refuseIfShuttingDown();
            }
            return transaction.execute(tx -> {
                lock.take();
                if (before != null) {
                    // Not before: its commit may still be under way, without its connection but with the lock.
                    if (lease.isOwn(before)) {
                        return Optional.of(before);
                    }
                    worker.refuseIfShuttingDown();
                }
                Optional<Claim> claim = decision.get();
                unanswered.set(claim.orElse(null));
                return claim;
            });
        });
    }

    /** Claims a run that nobody works on any more, for somebody who asks for it. Needs {@link RunLock}. */
    Claim takeOver(Run run) {
        Claim claim = claim(run);
        store.forgetTakeOvers(run.id());
        return claim;
    }

    /**
     * As {@link #takeOver}, when nobody asks for it. A run that lost its process again and again where it stands, as when the
     * kernel finds that too large, may end one server after another: it is ended as failed, and the claim is empty.
     */
    Optional<Claim> recover(Run run) {
        RunOwner last = run.owner();
        Claim claim = claim(run);
        // It only waits for its switch, for as long as an import takes: that ends no process.
        int times = run.phase() == RunPhase.PUBLICATION ? 0 : store.countTakeOver(run.id());
        if (times <= TAKE_OVERS) {
            return Optional.of(claim);
        }
        RunFailure failure = RunFailure.of(
                run.phase().name().toLowerCase(Locale.ROOT),
                List.of("it lost its process %d times%s without getting any further"
                        .formatted(times, last == null ? "" : ", the last one %s,".formatted(last.name()))),
                "If the kernel ended it for its memory, as the kernel's log says, give it more, or the JVM less (-Xmx). If it was only paused, or cut off from the database, see that it is not.");
        store.end(run.id(), RunState.FAILED, failure);
        lease.release(claim);
        log.warn("Run {} is not resumed any more: {}", run.id(), failure.sentences());
        return Optional.empty();
    }

    private Claim claim(Run run) {
        RunOwner last = run.owner();
        // First: it ends the sessions of a frozen owner, which may have locked the run.
        Claim claim = lease.take(run.id());
        store.resume(run.id(), run.state() != RunState.RUNNING || last == null ? null : last.leaseUntil());
        return claim;
    }

    /** Ends a run that nobody works on any more as stopped. Needs {@link RunLock}. */
    void end(Run run) {
        Claim claim = claim(run);
        store.end(run.id(), RunState.STOPPED, null);
        lease.release(claim);
    }

    /**
     * @throws RunRefusedException naming the run, its owner and since when, if the lease is live. The lease outlives the run
     *     for a moment: while its process removes old runs, which nobody can or need stop
     */
    void refuseIfLive() {
        Run run = store.leased().orElse(null);
        RunOwner owner = run == null ? null : run.owner();
        if (run != null && owner != null) {
            throw new RunRefusedException(
                    run.state() == RunState.RUNNING ? underWay(run, owner) : tidyingUp(run, owner), run);
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
