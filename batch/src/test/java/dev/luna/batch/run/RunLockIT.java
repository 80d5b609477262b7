package dev.luna.batch.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** How long a switch waits for others. */
class RunLockIT extends Publishing {

    @Test
    void aSwitchWaitsForADecisionLongerThanForAnImport(
            @Autowired RunLock lock, @Autowired PlatformTransactionManager transactions) throws Exception {
        TransactionTemplate transaction = new TransactionTemplate(transactions);
        FutureTask<Boolean> taken = new FutureTask<>(() -> transaction.execute(tx -> {
            lock.takeToPublishSoon(Duration.ofMillis(1));
            return true;
        }));
        try (Connection deciding = dataSource.getConnection();
                Statement statement = deciding.createStatement()) {
            deciding.setAutoCommit(false);
            statement.execute("select pg_advisory_xact_lock(" + RunLock.KEY + ")");
            new Thread(taken).start();
            Eventually.holds("the switch has waited for long", () -> taken.isDone() || hasWaitedForLong());

            deciding.commit();
        }
        assertThat(taken.get()).isTrue();
    }

    private boolean hasWaitedForLong() {
        return jdbc.sql("""
                        select exists (
                          select from pg_locks l join pg_database d on d.oid = l.database
                          where d.datname = current_database() and l.locktype = 'advisory' and l.objid = :key
                            and l.waitstart < clock_timestamp() - interval '100 ms')
                        """).param("key", RunLock.KEY).query(Boolean.class).single();
    }
}
