package dev.luna.api.web;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;

/**
 * Transactions of this API's own writes, which wait 3 s for a lock and then give up. Each that waits keeps a connection that
 * reads need, and an import holds its locks for minutes. A transaction that is under way on the same data source is joined,
 * whichever manager began it, and keeps its own patience.
 */
public final class WriteTransactions extends JdbcTransactionManager {

    /** Of the bean. The manager without a name waits as long as it takes; what must not be lost is written under that. */
    public static final String NAME = "writeTransactions";

    WriteTransactions(DataSource dataSource) {
        super(dataSource);
    }

    @Override
    protected void prepareTransactionalConnection(Connection connection, TransactionDefinition definition)
            throws SQLException {
        super.prepareTransactionalConnection(connection, definition);
        try (Statement statement = connection.createStatement()) {
            statement.execute("set local lock_timeout = '3s'");
        }
    }
}
