package dev.luna.batch.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.luna.batch.database.TestDatabase;
import dev.luna.batch.run.Run;
import dev.luna.batch.run.RunKind;
import dev.luna.batch.run.RunLog;
import dev.luna.batch.run.RunRefusedException;
import dev.luna.batch.run.Runs;
import dev.luna.batch.run.SmallWorld;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;

/** An export of rankings beside somebody who changes what it reads. */
@SpringBootTest
class RankingsExportRacesIT {

    /** So many that progress is shown once, after 1,000 of them. */
    private static final int USERS = 1_200;

    @Autowired
    private RankingsExport export;

    @Autowired
    private Runs runs;

    @Autowired
    private JdbcClient jdbc;

    @Autowired
    private DataSource dataSource;

    @TempDir
    private Path folder;

    @BeforeEach
    void aTown() {
        TestDatabase.clear(jdbc);
        SmallWorld.create(jdbc, USERS, 40);
    }

    @Test
    void aRunThatIsPublishedMeanwhileIsNotMixedIn() throws Exception {
        Run other = recompute();
        jdbc.sql("update user_venue_interactions set dwell_time = 0").update();
        Run published = recompute();
        export.exportTo(folder.resolve("before.csv"), null, (phase, done, total) -> {});
        AtomicInteger switched = new AtomicInteger();
        TransferProgress somebodyPublishes = (phase, done, total) ->
                switched.addAndGet(inASessionOfItsOwn("update published_run set run_id = " + other.id()));

        RankingsExport.Summary summary = export.exportTo(folder.resolve("rankings.csv"), null, somebodyPublishes);

        assertThat(switched).hasValue(1);
        assertThat(summary.runId()).isEqualTo(published.id());
        assertThat(folder.resolve("rankings.csv")).hasSameTextualContentAs(folder.resolve("before.csv"));
    }

    @Test
    void anotherRunIsDroppedMeanwhile() throws Exception {
        Run old = recompute();
        recompute();
        TransferProgress somebodyDropsTheOldRun = (phase, done, total) ->
                inASessionOfItsOwn("set local lock_timeout = '5s'; select drop_run_storage(%d)".formatted(old.id()));

        RankingsExport.Summary summary = export.exportTo(folder.resolve("rankings.csv"), null, somebodyDropsTheOldRun);

        assertThat(runs.get(old.id()).storageDroppedAt()).isNotNull();
        assertThat(summary.users()).isEqualTo(USERS);
    }

    @Test
    void whyTheSessionEndedIsToldAndNotThatItsRollbackFailed() throws Exception {
        Run run = recompute();
        TransferProgress somebodyEndsTheSession = (phase, done, total) -> inASessionOfItsOwn("""
                select pg_terminate_backend(pid) from pg_locks
                where relation = 'venue_ranking_%d'::regclass and pid <> pg_backend_pid()
                """.formatted(run.id()));

        assertThatThrownBy(() -> export.exportTo(folder.resolve("rankings.csv"), null, somebodyEndsTheSession))
                .rootCause()
                .hasMessageContaining("terminating connection due to administrator");

        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void whatIsExportedCannotBeEmptiedMeanwhile(
            @Autowired RunLog runLog, @Autowired PlatformTransactionManager transactions) throws Exception {
        recompute();
        AtomicInteger attempts = new AtomicInteger();
        // Between the choice of the run, which takes the snapshot, and the users.
        JdbcClient interrupted = before("join venue_ranking_", () -> {
            attempts.incrementAndGet();
            assertThatThrownBy(() -> inASessionOfItsOwn("set local lock_timeout = '10ms'; truncate users cascade"))
                    .hasMessageContaining("lock timeout");
        });

        RankingsExport.Summary summary = new RankingsExport(interrupted, runs, runLog, transactions)
                .exportTo(folder.resolve("rankings.csv"), null, (phase, done, total) -> {});

        assertThat(attempts).hasValue(1);
        assertThat(summary.users()).isEqualTo(USERS);
        assertThat(Files.readAllLines(folder.resolve("rankings.csv"))).hasSizeGreaterThan(USERS);
    }

    @Test
    void aRunThatIsDroppedBeforeItsTablesAreLockedIsRefused(
            @Autowired RunLog runLog, @Autowired PlatformTransactionManager transactions) throws Exception {
        Run old = recompute();
        recompute();
        JdbcClient interrupted =
                before("lock table", () -> inASessionOfItsOwn("select drop_run_storage(%d)".formatted(old.id())));
        RankingsExport late = new RankingsExport(interrupted, runs, runLog, transactions);

        assertThatThrownBy(() -> late.exportTo(folder.resolve("rankings.csv"), old.id(), (phase, done, total) -> {}))
                .isInstanceOf(RunRefusedException.class)
                .hasMessageContaining("its rankings were dropped at");

        assertThat(folder).isEmptyDirectory();
    }

    private JdbcClient before(String statement, Runnable interruption) {
        return (JdbcClient) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {JdbcClient.class}, (proxy, method, arguments) -> {
                    if (String.valueOf(arguments[0]).contains(statement)) {
                        interruption.run();
                    }
                    try {
                        return method.invoke(jdbc, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private Run recompute() throws InterruptedException {
        Run run = runs.await(runs.start(RunKind.FULL, "ada").id(), progress -> {});
        assertThat(run.published()).as(run.sentence()).isTrue();
        return run;
    }

    private int inASessionOfItsOwn(String sql) {
        try (Connection session = dataSource.getConnection();
                Statement statement = session.createStatement()) {
            session.setAutoCommit(false);
            statement.execute(sql);
            int updated = statement.getUpdateCount();
            session.commit();
            return updated;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
