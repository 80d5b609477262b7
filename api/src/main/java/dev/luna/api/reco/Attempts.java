package dev.luna.api.reco;

import java.util.Optional;
import java.util.function.Supplier;

/** A read whose run is dropped between its two statements starts again and meets the run that replaced it. */
final class Attempts {

    /** Runs are dropped minutes apart at least; three attempts never fail for a reason that a fourth would cure. */
    private static final int MOST = 3;

    private Attempts() {}

    /** The first attempt that finds its run in place. */
    static <T> T untilRunStays(Supplier<Optional<T>> attempt) {
        for (int i = 1; i < MOST; i++) {
            Optional<T> result = attempt.get();
            if (result.isPresent()) {
                return result.get();
            }
        }
        return attempt.get()
                .orElseThrow(() -> new IllegalStateException(
                        "the published run lost its storage during each of " + MOST + " attempts to read it"));
    }
}
