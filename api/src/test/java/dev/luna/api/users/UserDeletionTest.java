package dev.luna.api.users;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.dao.PessimisticLockingFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;

class UserDeletionTest {

    /** Behind an import the last of many would wait as often as there are others before it. */
    @Test
    void aDeletionDoesNotWaitForOthersWithoutEnd() throws Exception {
        StuckTransactions transactions = new StuckTransactions();
        UserStore users = new UserStore(JdbcClient.create(new PGSimpleDataSource()), transactions);
        ExecutorService clients = Executors.newFixedThreadPool(2);
        try {
            Future<Throwable> first = clients.submit(() -> catchThrowable(() -> users.delete(UUID.randomUUID())));
            transactions.begun.await();

            Future<Throwable> second = clients.submit(() -> catchThrowable(() -> users.delete(UUID.randomUUID())));

            assertThat(second.get(20, TimeUnit.SECONDS)).isInstanceOf(PessimisticLockingFailureException.class);
            assertThat(first.isDone()).isFalse();
        } finally {
            transactions.end.countDown();
            clients.shutdownNow();
        }
    }

    /** Transactions that do not begin before they are told to fail. */
    private static final class StuckTransactions extends AbstractPlatformTransactionManager {

        private final CountDownLatch begun = new CountDownLatch(1);
        private final CountDownLatch end = new CountDownLatch(1);

        @Override
        protected Object doGetTransaction() {
            begun.countDown();
            try {
                end.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            throw new CannotCreateTransactionException("the test is over");
        }

        @Override
        protected void doBegin(Object transaction, TransactionDefinition definition) {}

        @Override
        protected void doCommit(DefaultTransactionStatus status) {}

        @Override
        protected void doRollback(DefaultTransactionStatus status) {}
    }
}
