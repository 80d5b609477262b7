package dev.luna.batch.job;

import com.zaxxer.hikari.HikariDataSource;
import dev.luna.batch.run.RecomputeSettings;
import dev.luna.batch.run.RunSettings;
import dev.luna.batch.snapshot.ScoringPortions;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.core.task.TaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.stereotype.Component;

/**
 * The threads that score, each working on one partition at a time on a connection of its own. Kept out of the beans of type
 * Executor, which a web application would take for its own.
 */
@Component
class ScoringThreads implements DisposableBean {

    private static final Logger log = LoggerFactory.getLogger(ScoringThreads.class);

    /** Connections that must stay free for the lease, the job's own records, the snapshot and readers. */
    private static final int OTHER_CONNECTIONS = 6;

    private final int connections;
    private final int configured;
    private final int count;
    private final ThreadPoolTaskExecutor executor = new ThreadPoolTaskExecutor();

    ScoringThreads(RecomputeSettings settings, DataSource dataSource) {
        connections = dataSource instanceof HikariDataSource pool ? pool.getMaximumPoolSize() : Integer.MAX_VALUE;
        configured = settings.threads();
        count = Math.min(settings.workers(), Math.max(1, connections - OTHER_CONNECTIONS));
        executor.setCorePoolSize(count);
        executor.setAllowCoreThreadTimeOut(true);
        executor.setDaemon(true);
        executor.setThreadNamePrefix("luna-scoring-");
        executor.initialize();
    }

    /** Starts them all: a system that has no room for as many says so before any has work, which it would be left with. */
    void start() {
        if (configured > count) {
            log.warn(
                    "Scoring with {} threads instead of {}: the pool has {} connections; raise spring.datasource.hikari.maximum-pool-size",
                    count,
                    configured,
                    connections);
        }
        executor.getThreadPoolExecutor().prestartAllCoreThreads();
    }

    /** How many there are; as many partitions as a multiple of this make all of them end at about the same time. */
    int count() {
        return count;
    }

    /** What they hold at a time of a run with these settings. */
    ScoringPortions portions(RunSettings settings) {
        return new ScoringPortions(
                count,
                settings.blockUsers(),
                settings.chunkUsers(),
                settings.venuesPerUser(),
                settings.companionsPerUser(),
                settings.companionVenues(),
                settings.companionsPerVenue());
    }

    TaskExecutor executor() {
        return executor;
    }

    @Override
    public void destroy() {
        executor.shutdown();
    }
}
