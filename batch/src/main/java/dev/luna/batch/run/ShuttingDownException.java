package dev.luna.batch.run;

/** A run that this process does not take any more, since it shuts down. Another one may. */
public final class ShuttingDownException extends RunRefusedException {

    private static final long serialVersionUID = 1L;

    ShuttingDownException() {
        super("This process is shutting down; start the run from another one");
    }
}
