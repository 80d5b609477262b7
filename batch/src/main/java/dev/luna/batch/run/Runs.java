package dev.luna.batch.run;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/**
 * The lifecycle of runs: start, stop, restart, publish, and what there is.
 *
 * <p>One run at a time over all processes on the database; the database decides. Thread-safe.
 */
@Service
public class Runs {

    /** Starts a run and returns at once; or, when a run's process died, resumes that run instead. */
    public Run start(RunKind kind, String requestedBy) {
        throw new UnsupportedOperationException();
    }

    /** Asks a run to stop at its next chunk boundary and returns at once. */
    public Run stop(long id, String requestedBy) {
        throw new UnsupportedOperationException();
    }

    /** Resumes a stopped or failed run from its last committed chunk and returns at once. */
    public Run restart(long id, String requestedBy) {
        throw new UnsupportedOperationException();
    }

    /** Makes a kept run the one that readers see. {@code force} also publishes a run that the gate held back. */
    public Run publish(long id, String requestedBy, boolean force) {
        throw new UnsupportedOperationException();
    }

    /** The run with this id. */
    public Optional<Run> find(long id) {
        throw new UnsupportedOperationException();
    }

    /** Runs, newest first: those with an id below {@code beforeId}, or the newest when it is null. */
    public List<Run> list(@Nullable Long beforeId, int limit) {
        throw new UnsupportedOperationException();
    }

    /** The run that readers see. */
    public Optional<Run> published() {
        throw new UnsupportedOperationException();
    }

    /** Waits until the run has ended in whatever process it is, telling {@code onProgress} about it now and then. */
    public Run await(long id, Consumer<Run> onProgress) {
        throw new UnsupportedOperationException();
    }
}
