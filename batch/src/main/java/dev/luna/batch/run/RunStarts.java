package dev.luna.batch.run;

import dev.luna.batch.scoring.ScoringProfile;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Decides which run is to be worked on next, and hands it to {@link RunLauncher}. Thread-safe. */
@Component
class RunStarts {

    private final RunStore store;
    private final RunLog runLog;
    private final RunLease lease;
    private final RunLauncher launcher;
    private final RecomputeSettings settings;
    private final ScoringProfile profile;

    RunStarts(
            RunStore store,
            RunLog runLog,
            RunLease lease,
            RunLauncher launcher,
            RecomputeSettings settings,
            ScoringProfile profile) {
        this.store = store;
        this.runLog = runLog;
        this.lease = lease;
        this.launcher = launcher;
        this.settings = settings;
        this.profile = profile;
    }

    /**
     * A new run, or an abandoned one instead. A tick of the schedule resumes whatever was left behind, but ends what keeps
     * losing its process where it stands; somebody else resumes only what may pass for what was asked for.
     *
     * @param asked the kind; null for a full run, or whatever was left behind
     * @param scoring settings in place of the configured ones; null for none
     * @param hold whether a new run is a trial, to be held when it is complete
     * @param tick the tick of the schedule that asks for it; null when somebody does
     */
    StartedRun start(
            @Nullable RunKind asked,
            @Nullable ScoringSettings scoring,
            boolean hold,
            String requestedBy,
            @Nullable Instant tick) {
        RunKind kind = asked == null ? RunKind.FULL : asked;
        ScoringProfile wanted = scoring == null ? profile : scoring.over(profile);
        Patience patience = tick == null ? Patience.BRIEF : Patience.of(kind);
        AtomicBoolean resumed = new AtomicBoolean();
        Run begun = launcher.launch(
                        () -> {
                            launcher.refuseIfLive();
                            endAsAsked();
                            Optional<Claim> abandoned = store.running()
                                    .flatMap(run -> tick != null
                                            ? launcher.recover(run)
                                            : Optional.of(takeOverIfAskedFor(run, asked, scoring, hold)));
                            resumed.set(abandoned.isPresent());
                            return abandoned.or(() ->
                                    Optional.of(lease.take(create(kind, wanted, scoring, hold, requestedBy, tick))));
                        },
                        patience)
                .orElseThrow();
        return new StartedRun(begun, resumed.get());
    }

    /**
     * A new run; see {@link #start}.
     *
     * @param wanted the profile of a full run
     */
    private long create(
            RunKind kind,
            ScoringProfile wanted,
            @Nullable ScoringSettings scoring,
            boolean hold,
            String requestedBy,
            @Nullable Instant tick) {
        if (tick != null && store.hasStarted(kind, tick)) {
            throw new RunRefusedException("The %s run of %s was started by another process"
                    .formatted(kind.name().toLowerCase(Locale.ROOT), tick));
        }
        if (!store.hasInputs()) {
            throw new RunRefusedException(
                    "There is nothing to rank: the database has no users or no venues. Load them with `luna import DIR`");
        }
        RunSettings recorded = settings.recorded();
        if (kind == RunKind.FULL) {
            return store.create(kind, null, requestedBy, hold, wanted, recorded, tick);
        }
        if (hold) {
            throw new RunRefusedException("A refresh ranks as its full run did: only a full run can be a trial");
        }
        Base base = base();
        if (scoring != null && !scoring.over(base.profile()).equals(base.profile())) {
            throw new RunRefusedException(
                    "A refresh ranks by the profile of run %d, which it is relative to; another profile takes a full run: `luna recompute --profile SETTING=VALUE`"
                            .formatted(base.runId()));
        }
        return store.create(
                kind,
                base.runId(),
                requestedBy,
                false,
                base.profile(),
                base.settings().inPortionsOf(recorded),
                tick);
    }

    /**
     * What a new refresh is relative to: the published run, or its base if it is a refresh itself, for refreshes are cumulative.
     * A refresh ranks by the rules of its base, whatever is configured by now; what was configured since counts from the next
     * full run on.
     *
     * @throws RunRefusedException if nothing is published
     */
    private Base base() {
        Run published = store.published()
                .orElseThrow(
                        () -> new RunRefusedException(
                                "There is nothing to refresh: no run is published yet. Start a full run with `luna recompute`"));
        Long base = published.baseRunId();
        long baseId = base == null ? published.id() : base;
        return new Base(baseId, runLog.profile(baseId), runLog.settings(baseId));
    }

    private Claim takeOverIfAskedFor(
            Run abandoned, @Nullable RunKind asked, @Nullable ScoringSettings scoring, boolean hold) {
        if (hold && !abandoned.hold() || !isAskedFor(abandoned, asked, scoring)) {
            throw goesFirst(abandoned);
        }
        return launcher.takeOver(abandoned);
    }

    private boolean isAskedFor(Run abandoned, @Nullable RunKind asked, @Nullable ScoringSettings scoring) {
        if (asked != null && asked != abandoned.kind()) {
            return false;
        }
        if (scoring == null) {
            return true;
        }
        ScoringProfile recorded = runLog.profile(abandoned.id());
        // As a new one would be ranked: a refresh by its base's profile, which is its own.
        return scoring.over(asked == RunKind.REFRESH ? recorded : profile).equals(recorded);
    }

    private static RunRefusedException goesFirst(Run abandoned) {
        return new RunRefusedException(
                "Run %d was left behind by a process that died and goes first; resume it with `luna runs restart %d` or end it with `luna runs stop %d`"
                        .formatted(abandoned.id(), abandoned.id(), abandoned.id()),
                abandoned);
    }

    /** A run whose lease has lapsed; one that keeps losing its process where it stands is ended instead. */
    Optional<Run> resumeAbandoned() {
        if (store.running().filter(run -> !run.isWorkedOn()).isEmpty()) {
            return Optional.empty();
        }
        return launcher.launch(
                () -> {
                    if (store.leased().isPresent()) {
                        // Another process was quicker.
                        return Optional.empty();
                    }
                    endAsAsked();
                    return store.running().flatMap(launcher::recover);
                },
                Patience.NONE);
    }

    /** The same run again. */
    Run restart(long id) {
        return launcher.launch(
                        () -> {
                            Run run = store.get(id);
                            launcher.refuseIfLive();
                            // What it was asked before counts no more.
                            store.forgetStop(id);
                            endAsAsked();
                            Optional<Run> abandoned = store.running().filter(other -> other.id() != id);
                            if (abandoned.isPresent()) {
                                throw goesFirst(abandoned.get());
                            }
                            return switch (run.state()) {
                                case HELD -> {
                                    refuseIfDropped(run);
                                    throw new RunRefusedException(
                                            "Run %d is complete but held; publish it with `luna runs publish %d%s`, or start a new run"
                                                    .formatted(id, id, run.isHeldByGate() ? " --force" : ""));
                                }
                                case COMPLETED ->
                                    throw new RunRefusedException(
                                            "Run %d is complete; a new computation is a new run: `luna recompute`"
                                                    .formatted(id));
                                case RUNNING, STOPPED, FAILED -> {
                                    // One that was left behind goes on all the same, and is held at its end.
                                    Optional<String> outOfDate = RunSentence.outOfDate(run);
                                    if (run.state() != RunState.RUNNING && outOfDate.isPresent()) {
                                        throw new RunRefusedException(
                                                "Run %d cannot be resumed: %s".formatted(id, outOfDate.get()));
                                    }
                                    refuseIfDropped(run);
                                    yield Optional.of(launcher.takeOver(run));
                                }
                            };
                        },
                        Patience.BRIEF)
                .orElseThrow();
    }

    private static void refuseIfDropped(Run run) {
        if (run.storageDroppedAt() != null) {
            throw new RunRefusedException("Run %d cannot be resumed: %s".formatted(run.id(), run.sentence()));
        }
    }

    /** Ends a run that a process left behind before it could stop it, if it was asked to. */
    private void endAsAsked() {
        store.running().filter(run -> runLog.isStopRequested(run.id())).ifPresent(launcher::end);
    }

    /** A full run and the rules it ranked by. */
    private record Base(long runId, ScoringProfile profile, RunSettings settings) {}
}
