package dev.luna.batch.job;

import dev.luna.batch.database.RunTables;
import dev.luna.batch.run.Claim;
import dev.luna.batch.run.RunLease;
import dev.luna.batch.run.RunLog;
import dev.luna.batch.run.RunSettings;
import dev.luna.batch.snapshot.Positions;
import java.time.LocalDateTime;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.JobInterruptedException;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.core.step.item.ChunkOrientedStep;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * Scores one partition: a chunk-oriented step whose items are blocks of neighbouring users. Built anew for each partition,
 * since reader, scratch and portions are those of one partition of one run; so nothing is shared between threads but the
 * run's immutable arrays.
 */
@Component
class PartitionScoring implements Step {

    private static final Logger log = LoggerFactory.getLogger(PartitionScoring.class);

    private final JobRepository repository;
    private final PlatformTransactionManager transactions;
    private final DataSource dataSource;
    private final JdbcClient jdbc;
    private final RunLease lease;
    private final RunLog runLog;
    private final ScoringWorlds worlds;

    PartitionScoring(
            JobRepository repository,
            PlatformTransactionManager transactions,
            DataSource dataSource,
            JdbcClient jdbc,
            RunLease lease,
            RunLog runLog,
            ScoringWorlds worlds) {
        this.repository = repository;
        this.transactions = transactions;
        this.dataSource = dataSource;
        this.jdbc = jdbc;
        this.lease = lease;
        this.runLog = runLog;
        this.worlds = worlds;
    }

    @Override
    public String getName() {
        return "partition";
    }

    /**
     * Ends as a failed step whatever happens: the step over it goes no further at what is thrown here, and would leave the
     * other partitions to themselves.
     */
    @Override
    public void execute(StepExecution step) {
        try {
            score(step);
        } catch (Throwable e) {
            log.error("{} failed outside its chunks", step.getStepName(), e);
            step.addFailureException(e);
            step.setStatus(BatchStatus.FAILED);
            step.setEndTime(LocalDateTime.now());
        }
    }

    private void score(StepExecution step) throws JobInterruptedException {
        Claim claim = RunParameters.claim(step);
        int partition = StoredPlanSplitter.partition(step);
        RunSettings settings = runLog.settings(claim.runId());
        StoredPartition stored = new StoredPartition(jdbc, claim.runId(), partition);
        BlockReader reader = new BlockReader(claim, lease, stored, settings.blockUsers());
        BlockScorer scorer = new BlockScorer(worlds.get(claim, () -> false));
        RankingWriter writer = new RankingWriter(claim, lease, stored, new RunTables(claim.runId()), dataSource);
        chunks(step.getStepName(), settings, reader, scorer, writer).execute(step);
    }

    /** Not by the step builder: it would search the three for annotated methods of listeners, for each partition. */
    private ChunkOrientedStep<Positions, ScoredBlock> chunks(
            String name, RunSettings settings, BlockReader reader, BlockScorer scorer, RankingWriter writer) {
        ChunkOrientedStep<Positions, ScoredBlock> chunks =
                new ChunkOrientedStep<>(name, settings.chunkBlocks(), reader, writer, repository);
        chunks.setItemProcessor(scorer);
        chunks.setTransactionManager(transactions);
        try {
            chunks.afterPropertiesSet();
        } catch (Exception e) {
            throw new IllegalStateException("the step of partition %s is not complete".formatted(name), e);
        }
        return chunks;
    }
}
