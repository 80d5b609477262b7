package dev.luna.batch.database;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.quartz.Scheduler;
import org.quartz.impl.jdbcjobstore.StdRowLockSemaphore;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionEvaluationReport;
import org.springframework.boot.quartz.autoconfigure.QuartzProperties;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** The module as an application, on a database that is given to it. */
@SpringBootTest
class SpringContextIT {

    @Autowired
    private ConfigurableApplicationContext context;

    @Autowired
    private JdbcClient jdbc;

    @Test
    void nothingEmbeddedStartsWhenADataSourceIsConfigured() {
        assertThat(context.getBeansOfType(SharedPostgres.class)).isEmpty();
        assertThat(jdbc.sql("select current_database()").query(String.class).single())
                .startsWith("test_");
        // It may hold a password, and DEBUG=true prints why what is configured.
        assertThat(ConditionEvaluationReport.get(context.getBeanFactory())
                        .getConditionAndOutcomesBySource()
                        .get(EmbeddedPostgresAutoConfiguration.class.getName()))
                .extracting(condition -> condition.getOutcome().getMessage())
                .containsExactly("spring.datasource.url is set");
    }

    @Test
    void batchKeepsItsMetadataInTheDatabase() {
        assertThat(context.getBean(JobRepository.class).getJobNames()).isEmpty();
        assertThat(jdbc.sql("select count(*) from batch_job_instance")
                        .query(Long.class)
                        .single())
                .isZero();
    }

    /** Also in sessions that are opened after it is set, when the pool has looked at its first one. */
    @Test
    void whatADatabaseOrRoleSetsChangesNothingThatLunaReliesOn() {
        String database =
                jdbc.sql("select current_database()").query(String.class).single();
        HikariConfig same = new HikariConfig();
        context.getBean(HikariDataSource.class).copyStateTo(same);
        same.setPoolName("luna, once more");
        same.setMaximumPoolSize(1);

        try (HikariDataSource pool = new HikariDataSource(same)) {
            for (String setting : List.of(
                    "statement_timeout = '20ms'",
                    "lock_timeout = '20ms'",
                    "idle_in_transaction_session_timeout = '20ms'",
                    "idle_session_timeout = '20s'",
                    "jit = on",
                    "standard_conforming_strings = off",
                    "synchronous_commit = off",
                    "default_transaction_isolation = 'serializable'")) {
                jdbc.sql("alter database " + database + " set " + setting).update();
            }
            pool.getHikariPoolMXBean().softEvictConnections();
            assertThat(JdbcClient.create(pool).sql("""
                                    select current_setting(name) from unnest(array[
                                      'statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout',
                                      'idle_session_timeout', 'jit', 'standard_conforming_strings', 'synchronous_commit',
                                      'transaction_isolation']) name
                                    """).query(String.class).list())
                    .containsExactly("0", "0", "0", "0", "off", "on", "on", "read committed");
            // Asked of the socket.
            assertThat(JdbcClient.create(pool).sql("""
                                    select current_setting(name)::integer from unnest(array[
                                      'tcp_keepalives_idle', 'tcp_keepalives_interval', 'tcp_keepalives_count']) name
                                    """).query(Integer.class).list())
                    .containsExactly(10, 5, 4);

            jdbc.sql("alter database " + database + " set synchronous_commit = 'local'")
                    .update();
            pool.getHikariPoolMXBean().softEvictConnections();
            assertThat(JdbcClient.create(pool)
                            .sql("show synchronous_commit")
                            .query(String.class)
                            .single())
                    .as("whoever has replicas decides how many a commit waits for")
                    .isEqualTo("local");
        } finally {
            jdbc.sql("alter database " + database + " reset all").update();
        }
    }

    @Test
    void theScheduleSleepsUnlessAnApplicationWakesIt() throws Exception {
        Scheduler scheduler = context.getBean(Scheduler.class);

        assertThat(scheduler.isStarted()).isFalse();
        assertThat(context.getBean(QuartzProperties.class).isWaitForJobsToCompleteOnShutdown())
                .as("what does not run is not waited for")
                .isFalse();
        assertThat(scheduler.getMetaData().isJobStoreClustered()).isTrue();
        assertThat(scheduler.getMetaData().isJobStoreSupportsPersistence()).isTrue();
    }

    /** Its own class that locks, with the statement it is given. */
    @Test
    void aSchedulerThatFreezesWithTheLockOfAllLosesIt(
            @Autowired DataSource dataSource,
            @Value("${spring.quartz.properties.org.quartz.jobStore.selectWithLockSQL}") String statement)
            throws Exception {
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            jdbc.sql("insert into qrtz_locks values ('luna', 'TRIGGER_ACCESS') on conflict do nothing")
                    .update();
            new StdRowLockSemaphore("QRTZ_", "luna", statement).obtainLock(connection, "TRIGGER_ACCESS");

            JdbcClient session = JdbcClient.create(new SingleConnectionDataSource(connection, true));
            assertThat(session.sql("show idle_in_transaction_session_timeout")
                            .query(String.class)
                            .single())
                    .isEqualTo("15s");
            assertThat(jdbc.sql("select lock_name from qrtz_locks where sched_name = 'luna' for update skip locked")
                            .query(String.class)
                            .list())
                    .doesNotContain("TRIGGER_ACCESS");
            connection.rollback();
            assertThat(session.sql("show idle_in_transaction_session_timeout")
                            .query(String.class)
                            .single())
                    .isEqualTo("0");
            connection.rollback();
        }
    }
}
