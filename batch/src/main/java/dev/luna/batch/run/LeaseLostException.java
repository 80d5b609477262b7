package dev.luna.batch.run;

/** Another process took the run over, or the run ended: the holder of the old token must write nothing more. */
public final class LeaseLostException extends RuntimeException {

    LeaseLostException(Claim claim) {
        super("Run %d is no longer this process's: its lease with fencing token %d was taken over or released"
                .formatted(claim.runId(), claim.token()));
    }
}
