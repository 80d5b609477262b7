package dev.luna.batch.job;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.springframework.batch.core.job.JobExecutionException;
import org.springframework.batch.core.partition.StepExecutionSplitter;
import org.springframework.batch.core.partition.support.SimpleStepExecutionSplitter;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Makes one step per partition of the plan stored with the run. Names come from that plan too, so a restart meets the same
 * partitions and skips those that are complete, whatever the number of threads or the inputs are by then.
 */
@Component
class StoredPlanSplitter implements StepExecutionSplitter {

    private static final String STEP = "partition";
    private static final String NUMBER = "partition";

    private final JobRepository repository;
    private final JdbcClient jdbc;

    StoredPlanSplitter(JobRepository repository, JdbcClient jdbc) {
        this.repository = repository;
        this.jdbc = jdbc;
    }

    /** Number of the partition that a step works on. */
    static int partition(StepExecution step) {
        return step.getExecutionContext().getInt(NUMBER);
    }

    @Override
    public String getStepName() {
        return STEP;
    }

    @Override
    public Set<StepExecution> split(StepExecution manager, int gridSize) throws JobExecutionException {
        long runId = RunParameters.claim(manager).runId();
        return new SimpleStepExecutionSplitter(repository, STEP, ignored -> plan(runId)).split(manager, gridSize);
    }

    private Map<String, ExecutionContext> plan(long runId) {
        Map<String, ExecutionContext> partitions = new HashMap<>();
        jdbc.sql("select partition_no from run_partition where run_id = :runId order by partition_no")
                .param("runId", runId)
                .query(Integer.class)
                .list()
                .forEach(number -> {
                    ExecutionContext context = new ExecutionContext();
                    context.putInt(NUMBER, number);
                    partitions.put("%04d".formatted(number), context);
                });
        return partitions;
    }
}
