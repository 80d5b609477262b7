package dev.luna.api.reco;

import dev.luna.api.web.ProblemException;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Reads of more than one statement. One begins again when what happens between its statements keeps them from being of one
 * answer: the run is dropped, and the run that replaced it is met; a venue of the list is deleted, or the user acts, and the
 * next list knows it.
 */
final class Attempts {

    /**
     * Runs are dropped minutes apart at least, and the list of a user who acted is scored live at the next attempt: all three
     * fail only where venues of the list are deleted one after the other.
     */
    private static final int MOST = 3;

    private Attempts() {}

    /**
     * The first attempt whose statements agree; an empty one has failed.
     *
     * @throws ProblemException 503 when all have failed
     */
    static <T> T untilReadsAgree(Supplier<Optional<T>> attempt) {
        for (int i = 1; i < MOST; i++) {
            Optional<T> result = attempt.get();
            if (result.isPresent()) {
                return result.get();
            }
        }
        return attempt.get()
                .orElseThrow(() -> ProblemException.unavailable(
                        "During each of " + MOST + " attempts to read a ranking its run was dropped, the user acted"
                                + " or a venue of it was deleted; ask again."));
    }
}
