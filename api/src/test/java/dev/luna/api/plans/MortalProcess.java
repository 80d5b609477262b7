package dev.luna.api.plans;

import dev.luna.api.bookings.TestBookings;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;

/** A JVM that confirms or cancels one plan and stops at a given step, where it waits to be killed. */
final class MortalProcess {

    /** In their order: one transaction decides, the provider is called, another transaction records. */
    static final List<String> STEPS = List.of(
            "before commit 1", "after commit 1", "before call", "after call", "before commit 2", "after commit 2");

    private MortalProcess() {}

    static Process start(
            String url, String user, String password, String provider, String action, String planId, String step)
            throws java.io.IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "-cp",
                System.getProperty("java.class.path"),
                MortalProcess.class.getName()));
        command.addAll(List.of(url, user, password, provider, action, planId, step));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    public static void main(String[] arguments) {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setUrl(arguments[0]);
        dataSource.setUser(arguments[1]);
        dataSource.setPassword(arguments[2]);
        UUID planId = UUID.fromString(arguments[5]);
        String fatal = arguments[6];
        Parts parts = Parts.of(dataSource, arguments[3], step -> {
            if (step.equals(fatal)) {
                System.out.println("reached");
                System.out.flush();
                waitForTheKill();
            }
        });
        if (arguments[4].equals("confirm")) {
            parts.confirmations().confirm(planId);
        } else {
            parts.confirmations().cancel(planId);
        }
        System.out.println("survived");
    }

    /** What a server has of plans and bookings, put together by hand. */
    record Parts(Confirmations confirmations, TestBookings bookings) {

        static Parts of(DataSource dataSource, String provider, Consumer<String> steps) {
            JdbcClient jdbc = JdbcClient.create(dataSource);
            AtomicInteger commits = new AtomicInteger();
            JdbcTransactionManager transactionManager = new JdbcTransactionManager(dataSource) {
                @Override
                protected void doCommit(DefaultTransactionStatus status) {
                    int commit = commits.incrementAndGet();
                    steps.accept("before commit " + commit);
                    super.doCommit(status);
                    steps.accept("after commit " + commit);
                }
            };
            PlanStore store = new PlanStore(jdbc, Clock.systemUTC());
            TestBookings bookings =
                    new TestBookings(jdbc, transactionManager, new PlanBookings(store), provider, steps);
            return new Parts(
                    new Confirmations(store, bookings.bookings(), Clock.systemUTC(), transactionManager), bookings);
        }
    }

    private static void waitForTheKill() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
