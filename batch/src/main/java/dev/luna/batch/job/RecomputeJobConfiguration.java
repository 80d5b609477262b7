package dev.luna.batch.job;

import dev.luna.batch.database.ShortTransactions;
import dev.luna.batch.run.RunPhase;
import java.time.Duration;
import javax.sql.DataSource;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.builder.JobBuilder;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.builder.StepBuilder;
import org.springframework.batch.core.step.builder.TaskletStepBuilder;
import org.springframework.batch.core.step.tasklet.Tasklet;
import org.springframework.boot.batch.autoconfigure.BatchTransactionManager;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.interceptor.DefaultTransactionAttribute;

/**
 * The one job. Its metadata, the rankings and the fence commit in the same transactions, since they share one DataSource.
 *
 * <pre>
 * snapshot      drop what need not be kept, read all inputs as of one moment, stage them with the run, plan the partitions
 * scoring       per partition of the stored plan, per chunk: read blocks, score, COPY
 * verification  build keys, judge; a run that fails is held
 * publication   switch the pointer, unless held
 * retention     drop what need not be kept
 * </pre>
 */
@Configuration(proxyBeanMethods = false)
class RecomputeJobConfiguration {

    static final String JOB = "recompute";
    static final String SCORING = "scoring";

    private final JobRepository repository;
    private final PlatformTransactionManager transactions;
    private final RunRecorder recorder;

    RecomputeJobConfiguration(JobRepository repository, PlatformTransactionManager transactions, RunRecorder recorder) {
        this.repository = repository;
        this.transactions = transactions;
        this.recorder = recorder;
    }

    @Bean
    Job recompute(
            SnapshotTasklet snapshot,
            ScoringPreparation preparation,
            StoredPlanSplitter plan,
            PartitionScoring scoring,
            ScoringThreads threads,
            VerificationTasklet verification,
            PublicationTasklet publication,
            RetentionTasklet retention) {
        return new JobBuilder(JOB, repository)
                .listener(recorder)
                .start(step("snapshot", RunPhase.SNAPSHOT, snapshot).build())
                .next(new StepBuilder(SCORING, repository)
                        .listener(recorder.entering(RunPhase.SCORING))
                        .listener(preparation)
                        .partitioner(scoring)
                        .splitter(plan)
                        .taskExecutor(threads.executor())
                        .build())
                .next(step("verification", RunPhase.VERIFICATION, verification).build())
                .next(step("publication", RunPhase.PUBLICATION, publication).build())
                .next(step("retention", RunPhase.PUBLICATION, retention)
                        // A statement that fails must not take the record of the step along.
                        .transactionAttribute(
                                new DefaultTransactionAttribute(TransactionDefinition.PROPAGATION_NOT_SUPPORTED))
                        .build())
                .build();
    }

    /**
     * For Spring Batch's own records outside a step's transaction, where nothing proves the lease: who takes a run over would
     * wait for one that a frozen process holds.
     */
    @Bean(defaultCandidate = false)
    @BatchTransactionManager
    static ShortTransactions recordTransactions(DataSource dataSource) {
        return new ShortTransactions(dataSource, Duration.ZERO);
    }

    private TaskletStepBuilder step(String name, RunPhase phase, Tasklet tasklet) {
        return new StepBuilder(name, repository)
                .listener(recorder.entering(phase))
                .tasklet(tasklet, transactions);
    }
}
