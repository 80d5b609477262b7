package dev.luna.batch.job;

import dev.luna.batch.run.Claim;
import dev.luna.batch.run.RunLog;
import dev.luna.batch.run.RunSettings;
import dev.luna.batch.snapshot.PartitionPlan;
import dev.luna.batch.snapshot.Snapshot;
import dev.luna.batch.snapshot.SnapshotReader;
import dev.luna.batch.snapshot.SnapshotStaging;
import org.springframework.batch.core.scope.context.ChunkContext;
import org.springframework.batch.core.step.StepContribution;
import org.springframework.batch.core.step.tasklet.Tasklet;
import org.springframework.batch.infrastructure.repeat.RepeatStatus;
import org.springframework.stereotype.Component;

/** Reads and stages the inputs, all or nothing: a restart finds them staged, or an empty storage and reads anew. */
@Component
class SnapshotTasklet implements Tasklet {

    private final SnapshotReader reader;
    private final SnapshotStaging staging;
    private final RunLog runLog;

    SnapshotTasklet(SnapshotReader reader, SnapshotStaging staging, RunLog runLog) {
        this.reader = reader;
        this.staging = staging;
        this.runLog = runLog;
    }

    @Override
    public RepeatStatus execute(StepContribution contribution, ChunkContext context) {
        Claim claim = RunParameters.claim(contribution.getStepExecution());
        if (runLog.isStaged(claim.runId())) {
            return RepeatStatus.FINISHED;
        }
        RunSettings settings = runLog.settings(claim.runId());
        Snapshot snapshot = reader.read(runLog.profile(claim.runId()));
        if (snapshot.users() == 0 || snapshot.catalog().size() == 0) {
            throw new IllegalStateException(
                    "the snapshot has %d users and %d venues; there is nothing to rank. Load data with `luna import DIR`"
                            .formatted(snapshot.users(), snapshot.catalog().size()));
        }
        PartitionPlan plan = PartitionPlan.of(snapshot.users(), settings.blockUsers(), settings.minPartitions());
        staging.stage(claim.runId(), snapshot, plan);
        runLog.staged(
                claim,
                new RunLog.Snapshot(
                        snapshot.moment(),
                        snapshot.visible(),
                        snapshot.users(),
                        snapshot.catalog().size(),
                        snapshot.interactionCount(),
                        snapshot.graph().edges(),
                        snapshot.catalog().maxLikes()));
        return RepeatStatus.FINISHED;
    }
}
