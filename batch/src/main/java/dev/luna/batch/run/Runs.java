package dev.luna.batch.run;

import dev.luna.batch.database.Disconnection;
import dev.luna.batch.database.SqlFailure;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The lifecycle of runs: start, stop, restart, publish, and what there is.
 *
 * <p>One run at a time over all processes on the database; the database decides. A run belongs to the process that holds
 * its lease; when that process dies or is cut off, the next {@link #start} or {@link #resumeAbandoned} takes the same run
 * over and goes on from its last committed chunk; but one that loses its process again and again where it stands is left to
 * people. Thread-safe.
 */
@Service
public class Runs {

    /** How often an owner elsewhere is looked at; progress is committed about this often. */
    private static final long POLL_MILLIS = 250;

    private static final Logger log = LoggerFactory.getLogger(Runs.class);

    private final RunStore store;
    private final RunLock lock;
    private final RunWorker worker;
    private final RunJob job;
    private final RunLauncher launcher;
    private final RunStarts starts;
    private final ScheduledStarts scheduled;
    private final Publication publication;
    private final RunStorageForecast storage;
    private final TransactionTemplate transaction;

    Runs(
            RunStore store,
            RunLock lock,
            RunWorker worker,
            RunJob job,
            RunLauncher launcher,
            RunStarts starts,
            Publication publication,
            RunStorageForecast storage,
            PlatformTransactionManager transactions) {
        this.store = store;
        this.lock = lock;
        this.worker = worker;
        this.job = job;
        this.launcher = launcher;
        this.starts = starts;
        this.scheduled = new ScheduledStarts(starts);
        this.publication = publication;
        this.storage = storage;
        this.transaction = new TransactionTemplate(transactions);
    }

    /**
     * Starts a run and returns at once; or, when a run of this kind lost its process and its lease has lapsed, resumes that run
     * instead. A complete run whose process still removes old runs is waited for, up to 5 s.
     *
     * @throws RunRefusedException if a run is under way, one of the other kind was left behind, there is nothing to rank, or
     *     nothing that a refresh could be relative to
     */
    public Run start(RunKind kind, String requestedBy) {
        return start(kind, null, false, requestedBy).run();
    }

    /**
     * As {@link #start(RunKind, String)}, with these settings in place of the configured ones; recorded with the run, and
     * kept by the refreshes relative to it.
     *
     * @param kind null for a full run, unless another was left behind
     * @param scoring null for the configured settings, unless a run with others was left behind
     * @param hold whether it is a trial: judged like any other, but held when it is complete, until somebody publishes it
     * @throws IllegalArgumentException naming the setting that is out of range
     * @throws RunRefusedException also if the run that was left behind ranks by other settings than these, or is no trial and
     *     one is asked for, or if a refresh is to rank by other settings than its base did, or to be a trial
     */
    public StartedRun start(
            @Nullable RunKind kind, @Nullable ScoringSettings scoring, boolean hold, String requestedBy) {
        return starts.start(kind, scoring, hold, requestedBy, null);
    }

    /**
     * As {@link #start(RunKind, String)}, for a tick of the schedule, which waits for such a process to its end and resumes a
     * run of either kind, or ends it as {@link #resumeAbandoned} does. A full run begins after a refresh, a trial or a run that is
     * out of date, if that is under way, or was left behind and is resumed first. A database that is away or full is outwaited.
     *
     * @throws RunRefusedException also if a run was started for this tick before
     */
    public StartedRun startScheduled(RunKind kind, Instant tick) {
        return scheduled.start(kind, tick);
    }

    /**
     * Resumes a run whose process died or was cut off and whose lease has lapsed; empty if there is none. One that this would
     * resume for the fourth time in a row where it stands ends as failed instead, as it may end this process too: that takes a
     * restart. One that only waits to be published is resumed however often.
     */
    public Optional<Run> resumeAbandoned() {
        return starts.resumeAbandoned();
    }

    /**
     * Resumes a stopped, failed or abandoned run from its last committed chunk and returns at once.
     *
     * @throws RunNotFoundException if there is no such run
     * @throws RunRefusedException if it is complete, its storage was dropped, a newer run was published since (of a full run, a
     *     full one), readers were moved since a refresh began, or a run is under way
     */
    public Run restart(long id, String requestedBy) {
        Run restarted = starts.restart(id);
        log.info("{} restarted run {}", requestedBy, id);
        return restarted;
    }

    /**
     * Asks a run to stop at its next chunk boundary and returns at once; it has ended when its state says so. A run whose
     * process died is stopped right away.
     *
     * @throws RunNotFoundException if there is no such run
     * @throws RunRefusedException if it is not running
     */
    public Run stop(long id, String requestedBy) {
        if (store.get(id).isWorkedOn() || !endLeftBehind(id, requestedBy)) {
            log.info("{} stops run {}", requestedBy, id);
            // Stored before anything else, so that it outlives this process and its connection. Without the lock,
            // which a run that is being published holds itself.
            Reconnection.outlast(() -> {
                store.requestStop(id, requestedBy);
                return id;
            });
            // Told at once if it can hear it now; else it finds the request when it looks for one.
            return Reconnection.outlast(() -> {
                job.requestStop(id);
                return store.get(id);
            });
        }
        return store.get(id);
    }

    /** Ends a run whose process is gone. False, and nothing is done, if another process has taken it over meanwhile. */
    private boolean endLeftBehind(long id, String requestedBy) {
        return Boolean.TRUE.equals(transaction.execute(tx -> {
            lock.take();
            Run found = store.get(id);
            if (found.state() != RunState.RUNNING) {
                throw new RunRefusedException(
                        "Run %d is not running, so there is nothing to stop. %s".formatted(id, found.sentence()));
            }
            if (found.isWorkedOn()) {
                return false;
            }
            log.info("{} ends run {}, whose process is gone", requestedBy, id);
            store.requestStop(id, requestedBy);
            launcher.end(found);
            return true;
        }));
    }

    /**
     * Makes a kept run the one that readers see, at once and for all readers. Publishing the published run changes nothing.
     *
     * @param force also publish a run that the gate held back; a trial that passed it takes none
     * @throws RunNotFoundException if there is no such run
     * @throws RunRefusedException if it is not complete, held by the gate without {@code force}, or its rankings were dropped;
     *     or a transaction that changed venues, such as an import, has not ended within 3 s or is in a deadlock
     */
    public Run publish(long id, String requestedBy, boolean force) {
        // Asked first without waiting for anybody: most refusals can be told at once.
        if (Publication.isToPublish(store.get(id), force)) {
            try {
                transaction.executeWithoutResult(tx -> {
                    lock.takeToPublishSoon();
                    publish(store.get(id), requestedBy, force);
                });
            } catch (DataAccessException e) {
                if (!SqlFailure.isLockTimeout(e) && !SqlFailure.isDeadlock(e)) {
                    throw e;
                }
                throw new RunRefusedException(
                        "Run %d was not published: a transaction that changed venues, such as an import, has not ended; try again when it has"
                                .formatted(id));
            }
        }
        return store.get(id);
    }

    private void publish(Run run, String requestedBy, boolean force) {
        if (!Publication.isToPublish(run, force)) {
            return;
        }
        if (run.isHeldByGate()) {
            store.forced(run.id(), requestedBy);
        }
        publication.switchTo(run.id(), requestedBy);
    }

    /**
     * The run with this id.
     *
     * @throws RunNotFoundException if there is none
     */
    public Run get(long id) {
        return store.get(id);
    }

    /**
     * Asks something of a run's complete rankings by its own tables.
     *
     * @param purpose what they are wanted for, as a verb
     * @param question refused as well, if the tables are dropped before it has locked or read them
     * @throws RunNotFoundException if there is no such run
     * @throws RunRefusedException if it has no complete, kept rankings
     */
    public <T> T ofComplete(long id, String purpose, Function<Run, T> question) {
        return store.ofComplete(id, purpose, question);
    }

    /** Runs that the filter lets through, newest first: those with an id below {@code beforeId}, or the newest when it is null. */
    public List<Run> list(RunFilter filter, @Nullable Long beforeId, int limit) {
        return store.list(filter, beforeId, limit);
    }

    /** The partitions of a run's stored plan with their progress, in order; none before there is a plan. */
    public List<PartitionProgress> partitions(long id) {
        return store.partitions(id);
    }

    /** What runs take on disk, and what they will. */
    public RunStorage storage() {
        return storage.now();
    }

    /** The run that readers see. */
    public Optional<Run> published() {
        return store.published();
    }

    /**
     * Waits until the run has ended, in whatever process, and this process is done with it. Ends too when the run's process
     * died: the run is then still {@link RunState#RUNNING} and its owner no longer live.
     *
     * @param onProgress told about the run when the wait begins, several times a second, and at the end
     * @throws RunNotFoundException if there is no such run
     * @throws InterruptedException if the waiting thread is interrupted; the run goes on
     */
    public Run await(long id, Consumer<Run> onProgress) throws InterruptedException {
        while (true) {
            boolean own = worker.isWorkingOn(id);
            Run run;
            try {
                run = Reconnection.outlast(() -> store.get(id));
            } catch (DataAccessException e) {
                if (!own || !Disconnection.isCauseOf(e)) {
                    throw e;
                }
                // The work itself outlasts a lost connection, so who waits for it must not end the process under it.
                continue;
            }
            onProgress.accept(run);
            if (!own && !run.isWorkedOn()) {
                return run;
            }
            if (own) {
                worker.awaitOwn(id, POLL_MILLIS);
            } else {
                Thread.sleep(POLL_MILLIS);
            }
        }
    }
}
