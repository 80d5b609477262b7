package dev.luna.batch.drill;

import java.sql.SQLException;
import java.util.concurrent.TimeUnit;

/** Looks until something is so. */
final class Await {

    private static final long POLL_MILLIS = 10;

    private Await() {}

    /** Something that the database is asked. */
    interface Condition {
        boolean holds() throws SQLException, InterruptedException;
    }

    /** @throws DrillFailure if it is not so within so many seconds; a database that is away counts as no */
    static void that(String what, int seconds, Condition condition) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (!holds(condition)) {
            if (System.nanoTime() > end) {
                throw new DrillFailure("after %d s still not so: %s".formatted(seconds, what));
            }
            Thread.sleep(POLL_MILLIS);
        }
    }

    private static boolean holds(Condition condition) throws InterruptedException {
        try {
            return condition.holds();
        } catch (SQLException e) {
            return false;
        }
    }
}
