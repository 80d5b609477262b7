package dev.luna.batch.run;

import dev.luna.batch.database.Disconnection;
import java.util.function.Supplier;

/** Repeats what a lost connection broke off, for a limited time. What is repeated must be the same when done twice. */
final class Reconnection {

    private static final int ATTEMPTS = 40;
    private static final long PAUSE_MILLIS = 250;

    private Reconnection() {}

    /**
     * The answer, as soon as the database gives one; it is asked for about 10 s, or longer where each attempt takes long.
     *
     * @throws org.springframework.dao.DataAccessException if the database does not come back
     */
    static <T> T outlast(Supplier<T> question) {
        for (int attempt = 1; ; attempt++) {
            try {
                return question.get();
            } catch (RuntimeException e) {
                if (attempt == ATTEMPTS || !Disconnection.isCauseOf(e) || !Pause.of(PAUSE_MILLIS)) {
                    throw e;
                }
            }
        }
    }
}
