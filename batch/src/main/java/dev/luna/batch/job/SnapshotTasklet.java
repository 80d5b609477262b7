package dev.luna.batch.job;

import dev.luna.batch.run.Claim;
import dev.luna.batch.run.RunLog;
import dev.luna.batch.run.RunSettings;
import dev.luna.batch.snapshot.SnapshotStaging;
import dev.luna.batch.snapshot.StagedSnapshot;
import dev.luna.batch.snapshot.StoppedException;
import org.springframework.batch.core.job.JobInterruptedException;
import org.springframework.batch.core.scope.context.ChunkContext;
import org.springframework.batch.core.step.StepContribution;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.core.step.tasklet.Tasklet;
import org.springframework.batch.infrastructure.repeat.RepeatStatus;
import org.springframework.stereotype.Component;

/** Reads and stages the inputs, all or nothing: a restart finds them staged, or an empty storage and reads anew. */
@Component
class SnapshotTasklet implements Tasklet {

    private final SnapshotStaging staging;
    private final RunLog runLog;
    private final ScoringThreads threads;
    private final ScoringWorlds worlds;

    SnapshotTasklet(SnapshotStaging staging, RunLog runLog, ScoringThreads threads, ScoringWorlds worlds) {
        this.staging = staging;
        this.runLog = runLog;
        this.threads = threads;
        this.worlds = worlds;
    }

    @Override
    public RepeatStatus execute(StepContribution contribution, ChunkContext context) throws JobInterruptedException {
        Claim claim = RunParameters.claim(contribution.getStepExecution());
        if (runLog.isStaged(claim.runId())) {
            return RepeatStatus.FINISHED;
        }
        RunSettings settings = runLog.settings(claim.runId());
        StagedSnapshot snapshot;
        try {
            snapshot = stage(contribution.getStepExecution(), claim.runId(), settings);
        } catch (StoppedException e) {
            throw new JobInterruptedException("stopped while reading the snapshot");
        }
        runLog.staged(
                claim,
                new RunLog.Snapshot(
                        snapshot.moment(),
                        snapshot.visible(),
                        snapshot.inputs().users(),
                        snapshot.inputs().catalog().size(),
                        snapshot.interactions(),
                        snapshot.edges(),
                        snapshot.inputs().catalog().maxLikes()));
        worlds.keep(claim.runId(), snapshot.inputs());
        return RepeatStatus.FINISHED;
    }

    private StagedSnapshot stage(StepExecution step, long runId, RunSettings settings) {
        return staging.stage(
                runId,
                new SnapshotStaging.Request(
                        runLog.profile(runId), settings.blockUsers(), settings.minPartitions(), threads.count()),
                step::isTerminateOnly);
    }
}
