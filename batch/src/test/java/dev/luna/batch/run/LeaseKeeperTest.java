package dev.luna.batch.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.jdbc.core.simple.JdbcClient;

class LeaseKeeperTest {

    private final RecomputeSettings settings = new Binder(
                    new MapConfigurationPropertySource(Map.of("luna.recompute.lease", "3ms")))
            .bind("luna.recompute", RecomputeSettings.class)
            .get();

    /** What each renewal comes to; the one after the last waits. */
    private final BlockingQueue<BooleanSupplier> renewals = new ArrayBlockingQueue<>(10);

    private final RunLease lease =
            new RunLease(JdbcClient.create(new PGSimpleDataSource()), settings, new ProcessName()) {
                @Override
                boolean renew(Claim claim) {
                    try {
                        return renewals.take().getAsBoolean();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                        return true;
                    }
                }
            };

    private final LeaseKeeper keeper = new LeaseKeeper(lease, settings);

    @AfterEach
    void end() {
        keeper.destroy();
    }

    @Test
    void aRenewalThatFailsForWhateverReasonIsFollowedByTheNextUntilTheLeaseIsLost() {
        renewals.add(() -> {
            throw new IllegalStateException("the pool is shut down");
        });
        renewals.add(() -> {
            throw new OutOfMemoryError("for the time being");
        });
        renewals.add(() -> true);
        renewals.add(() -> false);

        ScheduledFuture<?> kept = keeper.keep(new Claim(7, 3));

        ExecutionException ended = catchThrowableOfType(ExecutionException.class, () -> kept.get(1, TimeUnit.MINUTES));
        assertThat(ended.getCause()).isInstanceOf(LeaseLostException.class);
        assertThat(renewals).isEmpty();
    }
}
