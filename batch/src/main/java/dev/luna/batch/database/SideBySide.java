package dev.luna.batch.database;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Does the same work on several resources at once, a daemon thread each, all or nothing. */
public final class SideBySide {

    private SideBySide() {}

    /** Work on one resource. */
    @FunctionalInterface
    public interface Work<T, R> {

        /** @param failed true once another thread failed: the result will not be asked for */
        R apply(T resource, BooleanSupplier failed) throws SQLException, IOException;
    }

    /**
     * Waits for all threads, then gives their results in the order of the resources, or throws what the first one threw.
     * An interrupted caller waits too: the resources are his.
     */
    public static <T, R> List<R> each(List<T> resources, String threadPrefix, Work<T, R> work)
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

    /** Does several things at once; as {@link #each}. */
    public static void run(String threadPrefix, Runnable... tasks) {
        try {
            each(List.of(tasks), threadPrefix, (task, failed) -> {
                task.run();
                return true;
            });
        } catch (SQLException | IOException e) {
            throw new IllegalStateException("a task threw a checked exception it does not declare", e);
        }
    }

    /**
     * Does one thing here and another one on a daemon thread, waits for both, and gives the other one's result or throws what
     * either threw; what is thrown here comes first.
     */
    public static <R> R aside(String threadName, Supplier<R> there, Runnable here) {
        CompletableFuture<R> result = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        result.complete(there.get());
                    } catch (Throwable e) { // also an Error: the caller must not wait for ever
                        result.completeExceptionally(e);
                    }
                },
                threadName);
        thread.setDaemon(true);
        thread.start();
        try {
            here.run();
        } finally {
            result.handle((value, failure) -> value).join();
        }
        try {
            return result.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            if (e.getCause() instanceof Error failure) {
                throw failure;
            }
            throw e;
        }
    }
}
