package dev.luna.batch.job;

import dev.luna.batch.run.RunLog;
import dev.luna.batch.snapshot.StopRequest;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.springframework.batch.core.job.JobInterruptedException;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * Lets a stop reach steps that are one piece of work: Spring Batch looks for it only between chunks and steps. Whoever asked,
 * in whatever process, the request is stored with the run and soon in the job's record; both are looked at twice a second.
 * Thread-safe.
 */
@Component
class StopSignals implements DisposableBean {

    private static final Logger log = LoggerFactory.getLogger(StopSignals.class);

    private static final long POLL_MILLIS = 500;

    private final DataSource dataSource;
    private final JdbcClient jdbc;
    private final RunLog runLog;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "luna-stop");
        thread.setDaemon(true);
        return thread;
    });

    StopSignals(DataSource dataSource, JdbcClient jdbc, RunLog runLog) {
        this.runLog = runLog;
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
        Future<?> polling = again(signal::poll);
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

    /**
     * Looks for a stored request to stop a run, until the answer is cancelled.
     *
     * @param stop done as long as there is one; may fail for want of a connection
     */
    Future<?> onRequest(long runId, Runnable stop) {
        return again(() -> {
            if (runLog.isStopRequested(runId)) {
                stop.run();
            }
        });
    }

    /** Looks again and again, whatever one look comes to, until the answer is cancelled. */
    Future<?> again(Runnable look) {
        AtomicBoolean isFailing = new AtomicBoolean();
        return timer.scheduleWithFixedDelay(
                () -> {
                    try {
                        look.run();
                        isFailing.set(false);
                    } catch (DataAccessException | TransactionException e) {
                        log.debug("could not look for a stop; trying again", e);
                    } catch (RuntimeException | Error e) {
                        // Thrown on, it would end the schedule without a word, and the next look may well succeed.
                        // Said once, until a look succeeds.
                        Level level = isFailing.getAndSet(true) ? Level.DEBUG : Level.ERROR;
                        log.atLevel(level).setCause(e).log("Could not look for a stop");
                    }
                },
                POLL_MILLIS,
                POLL_MILLIS,
                TimeUnit.MILLISECONDS);
    }

    /** Does work in the caller's transaction whose statement under way is cancelled by a stop. */
    void cancellable(StopSignal signal, Runnable work) {
        Connection connection = DataSourceUtils.getConnection(dataSource);
        try {
            StopRequest.Cover cover = signal.cover(connection);
            try {
                work.run();
            } finally {
                cover.close();
            }
        } catch (SQLException e) {
            throw new IllegalStateException("the connection is not PostgreSQL's", e);
        } finally {
            DataSourceUtils.releaseConnection(connection, dataSource);
        }
    }

    private boolean isStopping(long jobExecutionId) {
        return jdbc.sql("select status = 'STOPPING' from batch_job_execution where job_execution_id = :id")
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
