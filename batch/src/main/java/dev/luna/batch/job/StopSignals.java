package dev.luna.batch.job;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.sql.DataSource;
import org.postgresql.PGConnection;
import org.springframework.batch.core.job.JobInterruptedException;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.stereotype.Component;

/**
 * Lets a stop reach steps that are one piece of work: Spring Batch looks for it only between chunks and steps. Whoever asked,
 * in whatever process, it stands in the job's record, which is looked at twice a second. Thread-safe.
 */
@Component
class StopSignals implements DisposableBean {

    private static final long POLL_MILLIS = 500;

    private final DataSource dataSource;
    private final JdbcClient jdbc;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "luna-stop");
        thread.setDaemon(true);
        return thread;
    });

    StopSignals(DataSource dataSource, JdbcClient jdbc) {
        this.dataSource = dataSource;
        this.jdbc = jdbc;
    }

    /**
     * Does the work of a step.
     *
     * @param work is told the signal, and may ask it at any time
     * @throws JobInterruptedException if it ended because of a stop
     */
    <T> T listen(StepExecution step, Function<StopSignal, T> work) throws JobInterruptedException {
        StopSignal signal = new StopSignal(() -> isStopping(step.getJobExecutionId()));
        var polling = timer.scheduleWithFixedDelay(signal::poll, POLL_MILLIS, POLL_MILLIS, TimeUnit.MILLISECONDS);
        try {
            return work.apply(signal);
        } catch (RuntimeException e) {
            if (signal.isReasonFor(e)) {
                throw new JobInterruptedException("%s was stopped".formatted(step.getStepName()));
            }
            throw e;
        } finally {
            polling.cancel(false);
        }
    }

    /** Does work in the caller's transaction whose statement under way is cancelled by a stop. */
    void cancellable(StopSignal signal, Runnable work) {
        Connection connection = DataSourceUtils.getConnection(dataSource);
        try {
            signal.whileCovering(connection.unwrap(PGConnection.class), work);
        } catch (SQLException e) {
            throw new IllegalStateException("the connection is not PostgreSQL's", e);
        } finally {
            DataSourceUtils.releaseConnection(connection, dataSource);
        }
    }

    /** Spring Batch records a request as STOPPED at once, though the job still runs. */
    private boolean isStopping(long jobExecutionId) {
        return jdbc.sql(
                        "select status in ('STOPPING', 'STOPPED') from batch_job_execution where job_execution_id = :id")
                .param("id", jobExecutionId)
                .query(Boolean.class)
                .optional()
                .orElse(false);
    }

    @Override
    public void destroy() {
        timer.shutdownNow();
    }
}
