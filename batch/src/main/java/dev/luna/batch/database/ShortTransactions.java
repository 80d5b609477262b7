package dev.luna.batch.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.DataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;

/**
 * Transactions in which this process does nothing long: one that freezes in one loses it, and the locks with it, after 15 s.
 * A transaction that is under way on the same data source is joined, whichever manager began it, and keeps its own limits.
 */
public final class ShortTransactions extends JdbcTransactionManager {

    private final Duration patience;

    /** @param patience with a lock that another holds; zero is without end */
    public ShortTransactions(DataSource dataSource, Duration patience) {
        super(dataSource);
        this.patience = patience;
    }

    @Override
    protected void prepareTransactionalConnection(Connection connection, TransactionDefinition definition)
            throws SQLException {
        super.prepareTransactionalConnection(connection, definition);
        try (Statement statement = connection.createStatement()) {
            // Not formatted: an embedding application's language may have digits that SQL does not know.
            statement.execute("set local lock_timeout = " + patience.toMillis()
                    + "; set local idle_in_transaction_session_timeout = '15s'");
        }
    }
}
