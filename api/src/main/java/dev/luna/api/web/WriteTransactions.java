package dev.luna.api.web;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;

/**
 * Transactions of this API's own writes. A process that freezes in one loses it, and the locks with it, after 15 s. A
 * transaction that is under way on the same data source is joined, whichever manager began it, and keeps its own patience.
 */
public final class WriteTransactions extends JdbcTransactionManager {

    /**
     * Of the bean that waits 3 s for a lock and then gives up. Each that waits keeps a connection that reads need, and an
     * import holds its locks for minutes.
     */
    public static final String NAME = "writeTransactions";

    /** Of the bean that waits as long as it takes, for what must not be lost. */
    public static final String PATIENT = "patientWriteTransactions";

    private final Duration patience;

    /** @param patience with a lock that another holds; zero is without end */
    WriteTransactions(DataSource dataSource, Duration patience) {
        super(dataSource);
        this.patience = patience;
    }

    @Override
    protected void prepareTransactionalConnection(Connection connection, TransactionDefinition definition)
            throws SQLException {
        super.prepareTransactionalConnection(connection, definition);
        try (Statement statement = connection.createStatement()) {
            statement.execute("set local lock_timeout = %d; set local idle_in_transaction_session_timeout = '15s'"
                    .formatted(patience.toMillis()));
        }
    }

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
