package dev.luna.batch.job;

import dev.luna.batch.run.Claim;
import org.springframework.batch.core.job.JobInterruptedException;
import org.springframework.batch.core.listener.StepExecutionListener;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.infrastructure.item.ItemStreamException;
import org.springframework.stereotype.Component;

/**
 * Loads the run's arrays before its partitions are scored, unless they are there, in such a way that a stop reaches it, and
 * starts the threads.
 */
@Component
class ScoringPreparation implements StepExecutionListener {

    private final ScoringWorlds worlds;
    private final StopSignals stops;
    private final ScoringThreads threads;

    ScoringPreparation(ScoringWorlds worlds, StopSignals stops, ScoringThreads threads) {
        this.worlds = worlds;
        this.stops = stops;
        this.threads = threads;
    }

    @Override
    public void beforeStep(StepExecution step) {
        Claim claim = RunParameters.claim(step);
        try {
            stops.listen(step, stop -> worlds.get(claim, stop));
        } catch (JobInterruptedException e) {
            // By this cause Spring Batch knows that the step was stopped.
            throw new ItemStreamException(e);
        }
        threads.start();
    }
}
