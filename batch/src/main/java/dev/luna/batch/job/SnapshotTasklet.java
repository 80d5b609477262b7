package dev.luna.batch.job;

import dev.luna.batch.run.Claim;
import dev.luna.batch.run.Retention;
import dev.luna.batch.run.RunLease;
import dev.luna.batch.run.RunLog;
import dev.luna.batch.run.RunSettings;
import dev.luna.batch.snapshot.RefreshBase;
import dev.luna.batch.snapshot.RefreshStaging;
import dev.luna.batch.snapshot.SnapshotStaging;
import dev.luna.batch.snapshot.StagedSnapshot;
import dev.luna.batch.snapshot.StopRequest;
import java.util.Optional;
import org.springframework.batch.core.job.JobInterruptedException;
import org.springframework.batch.core.scope.context.ChunkContext;
import org.springframework.batch.core.step.StepContribution;
import org.springframework.batch.core.step.tasklet.Tasklet;
import org.springframework.batch.infrastructure.repeat.RepeatStatus;
import org.springframework.stereotype.Component;

/**
 * Reads and stages the inputs, for a refresh those it needs, all or nothing: a restart finds them staged, or an empty
 * storage and reads anew. Room is made first.
 */
@Component
class SnapshotTasklet implements Tasklet {

    private final Retention retention;
    private final SnapshotStaging staging;
    private final RefreshStaging refreshStaging;
    private final RunLog runLog;
    private final RunLease lease;
    private final ScoringThreads threads;
    private final ScoringWorlds worlds;
    private final StopSignals stops;

    SnapshotTasklet(
            Retention retention,
            SnapshotStaging staging,
            RefreshStaging refreshStaging,
            RunLog runLog,
            RunLease lease,
            ScoringThreads threads,
            ScoringWorlds worlds,
            StopSignals stops) {
        this.stops = stops;
        this.retention = retention;
        this.staging = staging;
        this.refreshStaging = refreshStaging;
        this.runLog = runLog;
        this.lease = lease;
        this.threads = threads;
        this.worlds = worlds;
    }

    @Override
    public RepeatStatus execute(StepContribution contribution, ChunkContext context) throws JobInterruptedException {
        Claim claim = RunParameters.claim(contribution.getStepExecution());
        if (runLog.isStaged(claim.runId())) {
            lease.prove(claim); // Of what the step's record is written under, as below.
            return RepeatStatus.FINISHED;
        }
        return stops.listen(contribution.getStepExecution(), stop -> {
            retention.makeRoom(stop);
            stops.cancellable(stop, () -> stage(claim, stop));
            return RepeatStatus.FINISHED;
        });
    }

    private void stage(Claim claim, StopRequest stopped) {
        // Whoever takes the run over ends this session by its proof; the keys of what he stages would wait for it.
        lease.prove(claim);
        RunSettings settings = runLog.settings(claim.runId());
        Optional<RefreshBase> base = runLog.base(claim.runId());
        if (base.isPresent()) {
            runLog.staged(claim, refresh(claim.runId(), base.get(), settings, stopped));
            return;
        }
        SnapshotStaging.Staged staged =
                staging.stage(claim.runId(), runLog.profile(claim.runId()), threads.portions(settings), stopped);
        runLog.staged(claim, staged.snapshot());
        worlds.keep(claim, staged.inputs());
    }

    private StagedSnapshot refresh(long runId, RefreshBase base, RunSettings settings, StopRequest stopped) {
        return refreshStaging.stage(
                runId,
                new RefreshStaging.Request(
                        base,
                        runLog.profile(runId),
                        settings.venuesPerUser(),
                        settings.companionsPerVenue() == 0 ? 0 : settings.companionVenues(),
                        settings.blockUsers(),
                        threads.count()),
                stopped);
    }
}
