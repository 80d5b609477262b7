package dev.luna.batch.database;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Does several things at once, on daemon threads of their own, all or nothing. Every call waits for all of them, also when
 * one failed or the caller was interrupted: what they work on is his. What failed first is thrown, as it is; what failed
 * besides is suppressed in it.
 */
public final class SideBySide {

    private SideBySide() {}

    /** Work on one resource. */
    @FunctionalInterface
    public interface Work<T, R> {

        /** @param failed true once another thread failed: the result will not be asked for */
        R apply(T resource, BooleanSupplier failed) throws SQLException, IOException;
    }

    /** Does the same work on each resource, and gives the results in the order of the resources. */
    public static <T, R> List<R> each(List<T> resources, String threadPrefix, Work<T, R> work)
            throws SQLException, IOException {
        AtomicReference<@Nullable Throwable> first = new AtomicReference<>();
        List<CompletableFuture<R>> results = new ArrayList<>();
        try {
            for (T resource : resources) {
                results.add(start(threadPrefix + (results.size() + 1), () -> {
                    try {
                        return work.apply(resource, () -> first.get() != null);
                    } catch (Throwable e) {
                        first.compareAndSet(null, e);
                        throw e;
                    }
                }));
            }
        } catch (Throwable e) { // no more threads to be had, say: those that were started are waited for all the same
            first.compareAndSet(null, e);
        }
        List<@Nullable Throwable> failures =
                results.stream().map(SideBySide::failure).toList();
        Throwable failure = first.get();
        if (failure == null) {
            return results.stream().map(CompletableFuture::join).toList();
        }
        failures.forEach(other -> suppress(failure, other));
        if (failure instanceof SQLException e) {
            throw e;
        }
        if (failure instanceof IOException e) {
            throw e;
        }
        throw unchecked(failure);
    }

    /** Does several things at once. */
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
     * Does one thing on the caller's thread, with the transaction bound to it, and another one aside. What is thrown here
     * comes before what is thrown there.
     *
     * @return what was made aside
     */
    public static <R> R aside(String threadName, Supplier<R> there, Runnable here) {
        CompletableFuture<R> result = start(threadName, there::get);
        try {
            here.run();
        } catch (RuntimeException | Error e) {
            suppress(e, failure(result));
            throw e;
        }
        Throwable failure = failure(result);
        if (failure != null) {
            throw unchecked(failure);
        }
        return result.join();
    }

    private static <R> CompletableFuture<R> start(String threadName, Callable<R> work) {
        CompletableFuture<R> result = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        result.complete(work.call());
                    } catch (Throwable e) { // also an Error: the caller must not wait for ever
                        result.completeExceptionally(e);
                    }
                },
                threadName);
        thread.setDaemon(true);
        thread.start();
        return result;
    }

    /** Waits; null for success. Joining is not ended by an interrupt, and leaves it for the caller to see. */
    private static @Nullable Throwable failure(CompletableFuture<?> result) {
        try {
            result.join();
            return null;
        } catch (CompletionException e) {
            return e.getCause();
        }
    }

    private static void suppress(Throwable first, @Nullable Throwable other) {
        if (other != null && other != first) {
            first.addSuppressed(other);
        }
    }

    private static RuntimeException unchecked(Throwable failure) {
        if (failure instanceof RuntimeException e) {
            return e;
        }
        if (failure instanceof Error e) {
            throw e;
        }
        return new IllegalStateException("work threw a checked exception it does not declare", failure);
    }
}
