package dev.luna.batch.run;

import java.time.Duration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Lets one transaction at a time, over all processes, decide about runs: start, take over, publish, drop. Held until the
 * transaction ends; never during a computation. A process that freezes in the middle of a decision loses it with its session
 * after the time of a lease, or nobody else could decide as long as it is frozen.
 */
@Component
class RunLock {

    /** "LUNA" in ASCII. */
    static final long KEY = 0x4C554E41L;

    /** How long somebody who waits for the answer waits for those who change venues. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final JdbcClient jdbc;
    private final RecomputeSettings settings;

    RunLock(JdbcClient jdbc, RecomputeSettings settings) {
        this.jdbc = jdbc;
        this.settings = settings;
    }

    void take() {
        jdbc.sql("""
                        select set_config('idle_in_transaction_session_timeout', :leaseMillis, true),
                               pg_advisory_xact_lock(:key)
                        """)
                .param("leaseMillis", leaseMillis())
                .param("key", KEY)
                .query((row, n) -> 1)
                .single();
    }

    /**
     * As {@link #take}, to move readers. That ends in a row which an open transaction that changed venues holds, so it is
     * waited for before: an import holds it for minutes, in which others must be able to decide.
     */
    void takeToPublish() {
        takeCatalog();
        take();
    }

    /** The same for somebody who waits for the answer: after 3 s that row fails as a lock that is not to be had. */
    void takeToPublishSoon() {
        takeToPublishSoon(PATIENCE);
    }

    void takeToPublishSoon(Duration patience) {
        jdbc.sql("set local lock_timeout = " + patience.toMillis()).update();
        takeCatalog();
        // Decisions are short.
        jdbc.sql("set local lock_timeout = 0").update();
        take();
    }

    private void takeCatalog() {
        jdbc.sql("""
                        select set_config('idle_in_transaction_session_timeout', :leaseMillis, true)
                        from venue_catalog for update
                        """).param("leaseMillis", leaseMillis()).query((row, n) -> 1).single();
    }

    private String leaseMillis() {
        return String.valueOf(settings.lease().toMillis());
    }
}
