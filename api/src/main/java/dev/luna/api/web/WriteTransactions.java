package dev.luna.api.web;

import dev.luna.batch.database.ShortTransactions;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Transactions of this API's own writes, which are {@link ShortTransactions}. */
public final class WriteTransactions {

    /**
     * Of the bean that waits 3 s for a lock and then gives up. Each that waits keeps a connection that reads need, and an
     * import holds its locks for minutes.
     */
    public static final String NAME = "writeTransactions";

    /** Of the bean that waits as long as it takes, for what must not be lost. */
    public static final String PATIENT = "patientWriteTransactions";

    private WriteTransactions() {}

    /**
     * Makes the waits of the transaction brief from here on; for a write that may wait for an import while it has what that
     * may come to want. Of two that wait for each other, PostgreSQL ends the one that looks first, {@code deadlock_timeout}
     * after its own wait began, and an import has more to lose. So the write gives up before that, and before half of it, as
     * its wait may be two: behind others, and for who has the lock.
     */
    public static void waitBriefly(JdbcClient jdbc) {
        jdbc.sql("""
                        select set_config(
                          'lock_timeout',
                          greatest(
                            1, -- 0 would be without end
                            least(3000, 400 * extract(epoch from current_setting('deadlock_timeout')::interval)))::int::text,
                          true)
                        """).query(String.class).single();
    }
}
