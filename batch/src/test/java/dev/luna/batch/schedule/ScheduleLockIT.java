package dev.luna.batch.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.luna.batch.run.Eventually;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.ZoneId;
import java.util.concurrent.FutureTask;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.quartz.Scheduler;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * A schedule that is written while no scheduler of this process runs. In a context and by a name of its own: Quartz knows data
 * sources by the scheduler's name for the whole JVM, and takes the newest context's.
 */
@SpringBootTest(properties = "spring.quartz.scheduler-name=luna-lock")
class ScheduleLockIT {

    @Test
    void theSchedulersLockIsHeldUntilAllIsWritten(
            @Autowired ObjectProvider<Scheduler> schedulers,
            @Autowired PlatformTransactionManager transactions,
            @Autowired DataSource dataSource,
            @Autowired JdbcClient jdbc)
            throws Exception {
        jdbc.sql("insert into qrtz_locks (sched_name, lock_name) values ('luna-lock', 'TRIGGER_ACCESS')")
                .update();
        FutureTask<Void> start = new FutureTask<>(
                new Schedule(
                        schedulers,
                        new ScheduleSettings(
                                true,
                                "0 0 4 * * ?",
                                "0 15 * * * ?",
                                ZoneId.of("UTC"),
                                ScheduleSettings.Misfire.SKIP,
                                Duration.ofHours(1)),
                        transactions)::start,
                null);
        try (Connection holder = dataSource.getConnection();
                Statement statement = holder.createStatement()) {
            holder.setAutoCommit(false);
            // A part of a trigger, written after its state was decided.
            statement.execute("lock table qrtz_cron_triggers in share mode");
            new Thread(start).start();
            Eventually.holds(
                    "a trigger is being written",
                    () -> jdbc.sql(
                                    "select exists (select from pg_locks where relation = 'qrtz_cron_triggers'::regclass and not granted)")
                            .query(Boolean.class)
                            .single());
            assertThat(jdbc.sql(
                                    "select lock_name from qrtz_locks where sched_name = 'luna-lock' for update skip locked")
                            .query(String.class)
                            .list())
                    .doesNotContain("TRIGGER_ACCESS");
            holder.rollback();
        }
        start.get();
        schedulers.getObject().clear();
    }
}
