package dev.luna.batch.run;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Lets one transaction at a time, over all processes, decide about runs: start, take over, publish, drop. Held until the
 * transaction ends; never during a computation.
 */
@Component
class RunLock {

    /** "LUNA" in ASCII. */
    static final long KEY = 0x4C554E41L;

    private final JdbcClient jdbc;

    RunLock(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    void take() {
        jdbc.sql("select pg_advisory_xact_lock(:key)")
                .param("key", KEY)
                .query((row, n) -> 1)
                .single();
    }
}
