package dev.luna.batch.run;

import dev.luna.batch.database.Disconnection;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Repeats what a lost connection broke off, for a limited time. What is repeated must be the same when done twice. */
final class Reconnection {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final long PAUSE_MILLIS = 250;

    private Reconnection() {}

    /**
     * The answer, as soon as the database gives one. It is asked again until 10 s are over; an attempt under way is waited
     * for, and may take as long as the pool waits for a connection.
     *
     * @throws org.springframework.dao.DataAccessException if the database does not come back
     */
    static <T> T outlast(Supplier<T> question) {
        return outlast(question, System::nanoTime);
    }

    static <T> T outlast(Supplier<T> question, LongSupplier nanoTime) {
        long begun = nanoTime.getAsLong();
        while (true) {
            try {
                return question.get();
            } catch (RuntimeException e) {
                boolean isOver = nanoTime.getAsLong() - begun >= PATIENCE.toNanos();
                if (isOver || !Disconnection.isCauseOf(e) || !Pause.of(PAUSE_MILLIS)) {
                    throw e;
                }
            }
        }
    }
}
