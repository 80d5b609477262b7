package dev.luna.batch.job;

import dev.luna.batch.run.RecomputeSettings;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.core.task.TaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.stereotype.Component;

/**
 * The threads that score, each working on one partition at a time. Kept out of the beans of type Executor, which a web
 * application would take for its own.
 */
@Component
class ScoringThreads implements DisposableBean {

    private final ThreadPoolTaskExecutor executor = new ThreadPoolTaskExecutor();

    ScoringThreads(RecomputeSettings settings) {
        executor.setCorePoolSize(settings.workers());
        executor.setAllowCoreThreadTimeOut(true);
        executor.setDaemon(true);
        executor.setThreadNamePrefix("luna-scoring-");
        executor.initialize();
    }

    TaskExecutor executor() {
        return executor;
    }

    @Override
    public void destroy() {
        executor.shutdown();
    }
}
