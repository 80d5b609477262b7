package dev.luna.batch.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.luna.batch.database.TestDatabase;
import dev.luna.batch.run.Eventually;
import dev.luna.batch.run.SmallWorld;
import dev.luna.batch.scoring.ScoringProfile;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What others do to the inputs while a full run reads them is in for everybody or for nobody. */
class InputSnapshotIT {

    private static final TestDatabase database = TestDatabase.migrated();

    private final JdbcClient jdbc = database.jdbc();
    private final SnapshotStaging staging = new SnapshotStaging(
            database.dataSource(), new PartitionPlanStore(jdbc), new ScratchDirectory(Path.of("target", "scratch")));
    private final TransactionTemplate transaction =
            new TransactionTemplate(new JdbcTransactionManager(database.dataSource()));
    private final ExecutorService others = Executors.newSingleThreadExecutor();

    @BeforeEach
    void town() {
        database.clear();
        SmallWorld.create(jdbc, 60, 20);
    }

    @AfterEach
    void everybodyIsGone() {
        others.shutdownNow();
    }

    @Test
    void aWriteThatArrivesMeanwhileIsInForNobody() {
        long interactions = count("user_venue_interactions");
        long edges = count("user_social_edges");

        SnapshotStaging.Staged before = stage(new Meanwhile(2, session -> {
            session.execute("insert into users (handle, name) values ('zoe', 'Zoe')");
            session.execute("insert into user_venue_interactions (user_id, venue_id, interaction_type) "
                    + "select id, md5('venue1')::uuid, 'like' from users");
            session.execute("insert into user_social_edges (user_id, other_user_id, relationship_type, strength) "
                    + "select id, md5('user1')::uuid, 'friend', 1 from users where handle = 'zoe'");
        }));
        SnapshotStaging.Staged after = stage(() -> false);

        assertThat(before.inputs().users()).isEqualTo(60);
        assertThat(before.snapshot().interactions()).isEqualTo(interactions);
        assertThat(before.snapshot().edges()).isEqualTo(edges);
        assertThat(after.inputs().users()).isEqualTo(61);
        assertThat(after.snapshot().interactions()).isEqualTo(interactions + 61);
        assertThat(after.snapshot().edges()).isEqualTo(edges + 1);
    }

    /** What was emptied is gone for older snapshots too, and what came instead is not there for them. */
    @Test
    void nobodyEmptiesTheInputsMeanwhile() {
        long interactions = count("user_venue_interactions");

        SnapshotStaging.Staged staged = stage(new Meanwhile(2, session -> {
            session.execute("set lock_timeout = '1ms'");
            assertThatThrownBy(() -> session.execute("truncate user_venue_interactions"))
                    .hasMessageContaining("lock timeout");
        }));

        assertThat(staged.snapshot().interactions()).isEqualTo(interactions);
    }

    @Test
    void aRunThatWaitsUntilTheInputsAreFilledAgainReadsWhatIsThereThen() throws SQLException {
        CompletableFuture<SnapshotStaging.Staged> read;
        try (Connection writer = database.dataSource().getConnection();
                Statement session = writer.createStatement()) {
            writer.setAutoCommit(false);
            session.execute("truncate user_venue_interactions");
            read = CompletableFuture.supplyAsync(() -> stage(() -> false), others);
            awaitWaiter(read);
            session.execute("insert into user_venue_interactions (user_id, venue_id, interaction_type) "
                    + "select id, md5('venue1')::uuid, 'like' from users");
            writer.commit();
        }

        SnapshotStaging.Staged staged = read.join();

        assertThat(staged.snapshot().interactions()).isEqualTo(60);
        assertThat(staged.inputs().catalog().maxLikes()).isEqualTo(60);
    }

    /** He waits for the run's first connection, and a second one that asked for the table would wait for him. */
    @Test
    void whoWaitsToEmptyTheInputsDoesNotHoldUpTheRun() {
        long interactions = count("user_venue_interactions");
        CompletableFuture<Void> emptied = new CompletableFuture<>();

        SnapshotStaging.Staged staged = stage(new Meanwhile(1, session -> {
            emptied.completeAsync(
                    () -> {
                        jdbc.sql("truncate user_venue_interactions").update();
                        return null;
                    },
                    others);
            awaitWaiter(emptied);
        }));
        emptied.join();

        assertThat(staged.snapshot().interactions()).isEqualTo(interactions);
        assertThat(count("user_venue_interactions")).isZero();
    }

    /** The pool gives it to somebody else, whose statement a stop of this run must not cancel. */
    @Test
    void noConnectionStaysWithinReachOfAStop() {
        AtomicInteger covered = new AtomicInteger();

        stage(new StopRequest() {
            @Override
            public boolean getAsBoolean() {
                return false;
            }

            @Override
            public Cover cover(Connection connection) {
                covered.incrementAndGet();
                return covered::decrementAndGet;
            }
        });

        assertThat(covered).hasValue(0);
    }

    private void awaitWaiter(CompletableFuture<?> waiter) {
        try {
            Eventually.holds(
                    "somebody waits to empty the interactions",
                    () -> waiter.isDone()
                            || count("pg_locks where not granted and relation = 'user_venue_interactions'::regclass")
                                    > 0);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        assertThat(waiter).isNotDone();
    }

    private SnapshotStaging.Staged stage(StopRequest stopped) {
        long runId = jdbc.sql("""
                        insert into run (kind, requested_by, profile, settings) values ('full', 'ada', '{}', '{}')
                        returning id
                        """).query(Long.class).single();
        jdbc.sql("select create_run_storage(?)")
                .param(runId)
                .query((row, n) -> 1)
                .single();
        return transaction.execute(tx -> staging.stage(
                runId, ScoringProfile.standard(), new ScoringPortions(2, 512, 512, 50, 20, 10, 10), stopped));
    }

    private long count(String table) {
        return jdbc.sql("select count(*) from " + table).query(Long.class).single();
    }

    /** Does something in a session of its own when users and venues have been read, and only one connection has begun. */
    private static final class Meanwhile implements StopRequest {

        private final CountDownLatch readers;
        private final Work work;
        private int connections;

        /** @param readers how many read then; each finds a table to read */
        Meanwhile(int readers, Work work) {
            this.readers = new CountDownLatch(readers);
            this.work = work;
        }

        /** Asked by each reader when he has a table to read, and before he reads it. */
        @Override
        public boolean getAsBoolean() {
            readers.countDown();
            try {
                readers.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return false;
        }

        @Override
        public Cover cover(Connection connection) {
            if (++connections == 2) {
                try (Connection other = database.dataSource().getConnection();
                        Statement session = other.createStatement()) {
                    work.in(session);
                } catch (SQLException e) {
                    throw new AssertionError(e);
                }
            }
            return () -> {};
        }

        @FunctionalInterface
        interface Work {
            void in(Statement session) throws SQLException;
        }
    }
}
