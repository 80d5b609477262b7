package dev.luna.batch.cli;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.BeanPostProcessor;

/**
 * Times the statements by which a run keeps its books, in place of the application's DataSource: those that name a table of
 * Spring Batch, the lease, or the progress of partitions and phases. A commit counts as metadata if its transaction did
 * nothing else. Times of all threads are summed, waiting for the database included. Thread-safe.
 */
final class Bookkeeping implements BeanPostProcessor {

    private enum Book {
        METADATA("Spring Batch metadata"),
        LEASE("lease"),
        PROGRESS("progress");

        private final String title;

        Book(String title) {
            this.title = title;
        }

        /** Which book a statement is for; null for the run's work. */
        static @Nullable Book of(String sql) {
            String lower = sql.toLowerCase(Locale.ROOT);
            if (lower.contains("batch_")) {
                return METADATA;
            }
            if (lower.contains("run_lease")) {
                return LEASE;
            }
            return lower.contains("run_partition") || lower.strip().matches("(?s)update run\\s.*") ? PROGRESS : null;
        }
    }

    private record Tally(LongAdder statements, LongAdder nanos) {

        Tally() {
            this(new LongAdder(), new LongAdder());
        }

        void add(long started) {
            statements.increment();
            nanos.add(System.nanoTime() - started);
        }
    }

    /** By place of the book. */
    private final List<Tally> tallies =
            Arrays.stream(Book.values()).map(book -> new Tally()).toList();

    /** Forgets what was counted. */
    void reset() {
        tallies.forEach(tally -> {
            tally.statements.reset();
            tally.nanos.reset();
        });
    }

    /** What was counted, as a table with each share of a run of this length. */
    String table(Duration run) {
        List<List<String>> rows = new ArrayList<>();
        for (Book book : Book.values()) {
            Tally tally = tallies.get(book.ordinal());
            rows.add(row(book.title, tally.statements.sum(), tally.nanos.sum(), run));
        }
        rows.add(row(
                "together",
                tallies.stream().mapToLong(tally -> tally.statements.sum()).sum(),
                tallies.stream().mapToLong(tally -> tally.nanos.sum()).sum(),
                run));
        return Tables.table(List.of("bookkeeping", ">statements", ">all threads", ">share of the run"), rows);
    }

    private static List<String> row(String name, long statements, long nanos, Duration run) {
        return List.of(
                name,
                Tables.number(statements),
                String.format(Locale.ROOT, "%.2f s", nanos / 1e9),
                String.format(Locale.ROOT, "%.1f %%", 100.0 * nanos / run.toNanos()));
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
        return bean instanceof DataSource source ? proxy(DataSource.class, new Source(source)) : bean;
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private static @Nullable Object invoke(Object target, Method method, Object @Nullable [] arguments)
            throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }

    private final class Source implements InvocationHandler {

        private final DataSource source;

        Source(DataSource source) {
            this.source = source;
        }

        @Override
        public @Nullable Object invoke(Object self, Method method, Object @Nullable [] arguments) throws Throwable {
            Object result = Bookkeeping.invoke(source, method, arguments);
            return result instanceof Connection connection ? proxy(Connection.class, new Session(connection)) : result;
        }
    }

    /** A connection, which belongs to one thread at a time. */
    private final class Session implements InvocationHandler {

        private final Connection connection;
        private boolean worked;

        Session(Connection connection) {
            this.connection = connection;
        }

        @Override
        public @Nullable Object invoke(Object self, Method method, Object @Nullable [] arguments) throws Throwable {
            switch (method.getName()) {
                case "unwrap" -> worked = true; // For COPY.
                case "commit" -> {
                    return commit(method, arguments);
                }
                case "rollback" -> worked = false;
                default -> {}
            }
            Object result = Bookkeeping.invoke(connection, method, arguments);
            if (result instanceof PreparedStatement statement && arguments != null) {
                return proxy(PreparedStatement.class, new Timed(statement, begin((String) arguments[0])));
            }
            if (result instanceof Statement) {
                worked = true;
            }
            return result;
        }

        private @Nullable Book begin(String sql) {
            Book book = Book.of(sql);
            worked |= book == null;
            return book;
        }

        private @Nullable Object commit(Method method, Object @Nullable [] arguments) throws Throwable {
            boolean onlyBooks = !worked;
            worked = false;
            long started = System.nanoTime();
            Object result = Bookkeeping.invoke(connection, method, arguments);
            if (onlyBooks) {
                tallies.get(Book.METADATA.ordinal()).add(started);
            }
            return result;
        }
    }

    private final class Timed implements InvocationHandler {

        private final PreparedStatement statement;
        private final @Nullable Book book;

        Timed(PreparedStatement statement, @Nullable Book book) {
            this.statement = statement;
            this.book = book;
        }

        @Override
        public @Nullable Object invoke(Object self, Method method, Object @Nullable [] arguments) throws Throwable {
            long started = System.nanoTime();
            Object result = Bookkeeping.invoke(statement, method, arguments);
            if (book != null && method.getName().startsWith("execute")) {
                tallies.get(book.ordinal()).add(started);
            }
            return result;
        }
    }
}
