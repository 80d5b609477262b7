package dev.luna.batch.job;

import dev.luna.batch.run.Claim;
import dev.luna.batch.run.RunLog;
import dev.luna.batch.run.RunSettings;
import dev.luna.batch.snapshot.StagedInputs;
import dev.luna.batch.snapshot.StagedInputsReader;
import dev.luna.batch.snapshot.StopRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Loads a run's arrays when scoring first asks and keeps them until the run's job ends; one run's at a time, as one run is
 * worked on at a time. Thread-safe: whoever comes second waits for the first one's load.
 */
@Component
class ScoringWorlds {

    private final StagedInputsReader reader;
    private final RunLog runLog;
    private final ScoringThreads threads;
    private @Nullable ScoringWorld loaded;

    /** Whose they are: the last claim on their run. The job of one before may end late, and must not free them. */
    private Claim holder = new Claim(0, 0);

    ScoringWorlds(StagedInputsReader reader, RunLog runLog, ScoringThreads threads) {
        this.reader = reader;
        this.runLog = runLog;
        this.threads = threads;
    }

    /**
     * The arrays of the claimed run; loaded at the first call and kept until {@link #release}.
     *
     * @throws dev.luna.batch.snapshot.SnapshotRefusedException if this process has too little heap for them
     * @throws dev.luna.batch.snapshot.StoppedException if {@code stopped} says true while they are loaded
     */
    synchronized ScoringWorld get(Claim claim, StopRequest stopped) {
        ScoringWorld world = loaded;
        if (world == null || holder.runId() != claim.runId()) {
            // The old arrays go before the new ones come.
            loaded = null;
            world = load(claim.runId(), stopped);
            loaded = world;
            holder = claim;
        } else if (claim.token() > holder.token()) {
            holder = claim;
        }
        return world;
    }

    /** The arrays of any run, for one use: those at hand if it is the run that is worked on. Throws as {@link #get} does. */
    ScoringWorld borrow(long runId, StopRequest stopped) {
        synchronized (this) {
            if (loaded != null && holder.runId() == runId) {
                return loaded;
            }
        }
        return load(runId, stopped);
    }

    /**
     * Keeps what has just been staged, so that scoring need not load it. Replaces what is there: in the transaction that
     * staged it, the claim is proven, so nobody claimed a run later.
     */
    synchronized void keep(Claim claim, StagedInputs inputs) {
        loaded = ScoringWorld.of(inputs, runLog.profile(claim.runId()), runLog.settings(claim.runId()));
        holder = claim;
    }

    /** Frees the arrays, unless somebody claimed their run later or another run's have come in their place. */
    synchronized void release(Claim claim) {
        if (holder.equals(claim)) {
            loaded = null;
        }
    }

    private ScoringWorld load(long runId, StopRequest stopped) {
        RunSettings settings = runLog.settings(runId);
        return ScoringWorld.of(
                reader.read(runId, threads.portions(settings), stopped), runLog.profile(runId), settings);
    }
}
