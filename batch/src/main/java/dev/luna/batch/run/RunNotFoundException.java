package dev.luna.batch.run;

/** No run has this id. */
public final class RunNotFoundException extends RuntimeException {

    RunNotFoundException(long runId) {
        super("There is no run %d; `luna runs` lists the runs there are".formatted(runId));
    }
}
