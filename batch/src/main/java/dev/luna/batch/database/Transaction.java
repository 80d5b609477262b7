package dev.luna.batch.database;

import java.util.function.Supplier;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.DefaultTransactionDefinition;

/**
 * Work in one transaction, which fails with what failed first: a lost connection fails the rollback too, which does not tell
 * why it was lost. Thread-safe.
 */
public final class Transaction {

    private final PlatformTransactionManager manager;
    private final TransactionDefinition definition;

    private Transaction(PlatformTransactionManager manager, TransactionDefinition definition) {
        this.manager = manager;
        this.definition = definition;
    }

    /** One that writes. */
    public static Transaction writing(PlatformTransactionManager manager) {
        return new Transaction(manager, TransactionDefinition.withDefaults());
    }

    /** One that reads, all from one snapshot; its first statement takes that, unless it only locks tables. */
    public static Transaction reading(PlatformTransactionManager manager) {
        DefaultTransactionDefinition definition = new DefaultTransactionDefinition();
        definition.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
        definition.setReadOnly(true);
        return new Transaction(manager, definition);
    }

    /**
     * Does the work and commits it; rolls it back when it fails.
     *
     * @throws UnansweredCommitException when the connection is lost while one that writes is committed
     */
    public <T> T execute(Supplier<T> work) {
        TransactionStatus status = manager.getTransaction(definition);
        T result;
        try {
            result = work.get();
        } catch (RuntimeException | Error failure) {
            try {
                manager.rollback(status);
            } catch (RuntimeException afterwards) {
                failure.addSuppressed(afterwards);
            }
            throw failure;
        }
        try {
            manager.commit(status);
        } catch (RuntimeException failure) {
            if (!Disconnection.isCauseOf(failure)) {
                throw failure;
            }
            // What was read is whole, and its commit adds nothing to it.
            if (!definition.isReadOnly()) {
                throw new UnansweredCommitException(failure);
            }
        }
        return result;
    }

    /** A connection was lost before the answer to its commit came: what it did may hold or not. */
    public static final class UnansweredCommitException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private UnansweredCommitException(RuntimeException cause) {
            super("the connection was lost before the database said whether the transaction is committed", cause);
        }
    }
}
