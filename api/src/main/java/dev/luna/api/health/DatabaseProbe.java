package dev.luna.api.health;

import jakarta.annotation.PreDestroy;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Asks the database for the published run, and gives up quickly: a pool without a database lets its callers wait for half
 * a minute. One question is under way at a time, so checks that pile up while the database hangs cost one thread and
 * one connection.
 */
@Component
class DatabaseProbe {

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final JdbcClient jdbc;
    private final Duration patience;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
        Thread daemon = new Thread(task, "health-probe");
        daemon.setDaemon(true);
        return daemon;
    });
    private @Nullable Future<Optional<Health.PublishedRun>> underWay;

    @Autowired
    DatabaseProbe(JdbcClient jdbc) {
        this(jdbc, PATIENCE);
    }

    DatabaseProbe(JdbcClient jdbc, Duration patience) {
        this.jdbc = jdbc;
        this.patience = patience;
    }

    /**
     * The published run, if there is one.
     *
     * @throws TimeoutException when the database does not answer in time
     * @throws ExecutionException when it cannot be reached
     */
    Optional<Health.PublishedRun> publishedRun() throws InterruptedException, ExecutionException, TimeoutException {
        return question().get(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    private synchronized Future<Optional<Health.PublishedRun>> question() {
        Future<Optional<Health.PublishedRun>> question = underWay;
        if (question == null || question.isDone()) {
            question = thread.submit(this::ask);
            underWay = question;
        }
        return question;
    }

    private Optional<Health.PublishedRun> ask() {
        return jdbc.sql("""
                        select p.run_id, n.snapshot_at, p.published_at,
                               extract(epoch from now() - n.snapshot_at)::float8 as age_seconds,
                               extract(epoch from now() - f.snapshot_at)::float8 as full_age_seconds
                        from published_run p
                        join run n on n.id = p.run_id
                        join run f on f.id = coalesce(n.base_run_id, n.id)
                        """)
                .query((row, n) -> new Health.PublishedRun(
                        row.getLong("run_id"),
                        row.getObject("snapshot_at", OffsetDateTime.class).toInstant(),
                        row.getObject("published_at", OffsetDateTime.class).toInstant(),
                        row.getDouble("age_seconds"),
                        row.getDouble("full_age_seconds")))
                .optional();
    }

    @PreDestroy
    void close() {
        thread.shutdownNow();
    }
}
