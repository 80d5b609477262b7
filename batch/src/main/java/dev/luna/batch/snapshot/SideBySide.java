package dev.luna.batch.snapshot;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Does the same work on several resources at once, a daemon thread each, all or nothing. */
final class SideBySide {

    private SideBySide() {}

    /** Work on one resource. */
    @FunctionalInterface
    interface Work<T, R> {

        /** @param failed true once another thread failed: the result will not be asked for */
        R apply(T resource, BooleanSupplier failed) throws SQLException, IOException;
    }

    /**
     * Waits for all threads, then gives their results in the order of the resources, or throws what the first one threw.
     * An interrupted caller waits too: the resources are his.
     */
    static <T, R> List<R> each(List<T> resources, String threadPrefix, Work<T, R> work)
            throws SQLException, IOException {
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        List<CompletableFuture<R>> results = new ArrayList<>();
        for (T resource : resources) {
            CompletableFuture<R> result = new CompletableFuture<>();
            results.add(result);
            Thread thread = new Thread(
                    () -> {
                        try {
                            result.complete(work.apply(resource, () -> failure.get() != null));
                        } catch (Throwable e) { // also an Error: the caller must not wait for ever
                            failure.compareAndSet(null, e);
                            result.completeExceptionally(e);
                        }
                    },
                    threadPrefix + results.size());
            thread.setDaemon(true);
            thread.start();
        }
        List<R> values = new ArrayList<>();
        for (CompletableFuture<R> result : results) {
            try {
                values.add(result.join());
            } catch (CompletionException e) {
                // The first failure, which may be another thread's, is thrown below.
                continue;
            }
        }
        Throwable first = failure.get();
        if (first == null) {
            return values;
        }
        if (first instanceof SQLException e) {
            throw e;
        }
        if (first instanceof IOException e) {
            throw e;
        }
        if (first instanceof RuntimeException e) {
            throw e;
        }
        if (first instanceof Error e) {
            throw e;
        }
        throw new IllegalStateException("reading threw a checked exception it does not declare", first);
    }
}
