package dev.luna.batch.database;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.quartz.Scheduler;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.ApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The module as an application, on a database that is given to it. */
@SpringBootTest
class SpringContextIT {

    @Autowired
    private ApplicationContext context;

    @Autowired
    private JdbcClient jdbc;

    @Test
    void nothingEmbeddedStartsWhenADataSourceIsConfigured() {
        assertThat(context.getBeansOfType(SharedPostgres.class)).isEmpty();
        assertThat(jdbc.sql("select current_database()").query(String.class).single())
                .startsWith("test_");
    }

    @Test
    void batchKeepsItsMetadataInTheDatabase() {
        assertThat(context.getBean(JobRepository.class).getJobNames()).isEmpty();
        assertThat(jdbc.sql("select count(*) from batch_job_instance")
                        .query(Long.class)
                        .single())
                .isZero();
    }

    @Test
    void theScheduleSleepsUnlessAnApplicationWakesIt() throws Exception {
        Scheduler scheduler = context.getBean(Scheduler.class);

        assertThat(scheduler.isStarted()).isFalse();
        assertThat(scheduler.getMetaData().isJobStoreClustered()).isTrue();
        assertThat(scheduler.getMetaData().isJobStoreSupportsPersistence()).isTrue();
    }
}
