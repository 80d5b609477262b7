package dev.luna.batch.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.luna.batch.database.TestDatabase;
import dev.luna.batch.run.SmallWorld;
import dev.luna.batch.scoring.InteractionMatrix;
import dev.luna.batch.scoring.ScoringProfile;
import dev.luna.batch.scoring.VenueCatalog;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

class SnapshotStagingIT {

    private static final TestDatabase database = TestDatabase.migrated();

    private static final UUID ADA = UUID.fromString("00000000-0000-0000-0000-00000000000a");
    private static final UUID BOB = UUID.fromString("00000000-0000-0000-0000-00000000000b");
    /** Above all others as text and as PostgreSQL orders, but below them as a signed number. */
    private static final UUID EVE = UUID.fromString("ffffffff-0000-0000-0000-00000000000e");

    private static final UUID CAFE = UUID.fromString("10000000-0000-0000-0000-000000000001");
    private static final UUID PIER = UUID.fromString("90000000-0000-0000-0000-000000000002");

    private final JdbcClient jdbc = database.jdbc();
    private final ScratchDirectory scratch = new ScratchDirectory(Path.of("target", "scratch"));
    private final SnapshotStaging staging =
            new SnapshotStaging(database.dataSource(), new PartitionPlanStore(jdbc), scratch);
    private final StagedInputsReader reader = new StagedInputsReader(database.dataSource(), scratch);
    private final TransactionTemplate transaction =
            new TransactionTemplate(new JdbcTransactionManager(database.dataSource()));
    private long runId;

    @BeforeEach
    void town() {
        database.clear();
        user(EVE, "eve", null);
        user(BOB, "bob", 1.5);
        user(ADA, "ada", 2.5);
        venue(PIER, null);
        venue(CAFE, "coffee");
    }

    @Test
    void usersAndVenuesAreNumberedInIdOrder() {
        StagedInputs inputs = stage().inputs();

        assertThat(inputs.users()).isEqualTo(3);
        assertThat(inputs.userIds().id(0)).isEqualTo(ADA);
        assertThat(inputs.userIds().id(1)).isEqualTo(BOB);
        assertThat(inputs.userIds().id(2)).isEqualTo(EVE);
        assertThat(homeLat(inputs, ADA)).isEqualTo(2.5);
        assertThat(homeLat(inputs, BOB)).isEqualTo(1.5);
        assertThat(homeLat(inputs, EVE)).isNaN();
        assertThat(inputs.catalog().id(0)).isEqualTo(CAFE);
        assertThat(inputs.catalog().id(1)).isEqualTo(PIER);
        assertThat(inputs.catalog().category(0)).isZero();
        assertThat(inputs.catalog().category(1)).isEqualTo(VenueCatalog.NO_CATEGORY);
    }

    @Test
    void interactionsAreSummedPerUserAndVenue() {
        interaction(ADA, PIER, "view", 20);
        interaction(ADA, CAFE, "like", null);
        interaction(ADA, CAFE, "interest", 30);
        interaction(ADA, CAFE, "view", 0);
        interaction(ADA, CAFE, "view", Integer.MAX_VALUE);
        interaction(EVE, CAFE, "like", 7);

        SnapshotStaging.Staged staged = stage();

        assertThat(staged.snapshot().interactions()).isEqualTo(6);
        InteractionMatrix ada = block(staged.inputs(), ADA).own();
        assertThat(ada.entries()).isEqualTo(2);
        int atCafe = ada.entry(0, 0);
        assertThat(ada.likes(atCafe)).isEqualTo(2);
        assertThat(ada.seconds(atCafe)).as("saturated").isEqualTo(Integer.MAX_VALUE);
        int atPier = ada.entry(0, 1);
        assertThat(ada.likes(atPier)).isZero();
        assertThat(ada.seconds(atPier)).isEqualTo(20);
        assertThat(block(staged.inputs(), BOB).own().entries())
                .as("Bob did nothing")
                .isZero();
        assertThat(staged.inputs().catalog().likes(0)).isEqualTo(3);
        assertThat(staged.inputs().catalog().maxLikes()).isEqualTo(3);
    }

    @Test
    void edgesAreOrderedByFriendAndBringTheirInteractions() {
        edge(ADA, EVE, 0.25);
        edge(ADA, BOB, 1);
        edge(EVE, ADA, 0);
        interaction(EVE, PIER, "like", 5);

        SnapshotStaging.Staged staged = stage();

        BlockInputs ada = block(staged.inputs(), ADA);
        assertThat(staged.snapshot().edges()).isEqualTo(3);
        assertThat(ada.graph().degree(0)).isEqualTo(2);
        assertThat(ada.graph().friend(0)).isEqualTo(1);
        assertThat(ada.graph().strength(0)).isEqualTo(1);
        assertThat(ada.graph().friend(1)).isEqualTo(2);
        assertThat(ada.graph().strength(1)).isEqualTo(0.25);
        int eve = ada.friendRow().applyAsInt(2);
        assertThat(ada.ofFriends().seconds(ada.ofFriends().entry(eve, 1))).isEqualTo(5);
        assertThat(block(staged.inputs(), BOB).graph().degree(0)).isZero();
        assertThat(block(staged.inputs(), EVE).graph().degree(0)).isEqualTo(1);
    }

    @Test
    void whatIsStagedIsReadBackAsItWasWithMoreUsersThanABucketHolds() {
        database.clear();
        // 20,000 is more than the 16,384 of a bucket.
        SmallWorld.create(jdbc, 20_000, 50);

        StagedInputs staged = stage().inputs();
        StagedInputs read = reader.read(runId);

        assertThat(read.users()).isEqualTo(staged.users()).isEqualTo(20_000);
        for (int venue = 0; venue < 50; venue++) {
            assertThat(read.catalog().id(venue)).isEqualTo(staged.catalog().id(venue));
            assertThat(read.catalog().likes(venue)).isEqualTo(staged.catalog().likes(venue));
            assertThat(read.catalog().category(venue))
                    .isEqualTo(staged.catalog().category(venue));
        }
        assertThat(digest(read)).isEqualTo(digest(staged));
        assertThat(jdbc.sql("select sum(likes) from run_venue_" + runId)
                        .query(Long.class)
                        .single())
                .isEqualTo(jdbc.sql(
                                "select count(*) from user_venue_interactions where interaction_type in ('like', 'interest')")
                        .query(Long.class)
                        .single());
    }

    @Test
    void aStopEndsTheReadingAndStagesNothing() {
        interaction(ADA, CAFE, "like", null);

        assertThatThrownBy(() -> stage(() -> true)).isInstanceOf(StoppedException.class);

        assertThat(jdbc.sql("select count(*) from run_input_" + runId)
                        .query(Long.class)
                        .single())
                .isZero();
        assertThat(jdbc.sql("select count(*) from pg_stat_activity where state like 'idle in transaction%'")
                        .query(Long.class)
                        .single())
                .as("sessions left behind")
                .isZero();
    }

    /** Whoever starts a run looks before, but somebody may empty them until it reads. */
    @Test
    void withoutUsersOrVenuesThereIsNothingToRank() {
        jdbc.sql("delete from venues").update();
        assertThatThrownBy(this::stage)
                .isInstanceOf(SnapshotRefusedException.class)
                .hasMessageContaining("3 users and 0 venues; there is nothing to rank");

        venue(CAFE, "coffee");
        jdbc.sql("delete from users").update();
        assertThatThrownBy(this::stage)
                .isInstanceOf(SnapshotRefusedException.class)
                .hasMessageContaining("0 users and 1 venues; there is nothing to rank");
    }

    @Test
    void aHeapThatIsTooSmallIsRefused() {
        // 8 MB for each of 10,000 threads.
        assertThatThrownBy(() -> stage(new ScoringPortions(10_000, 512, 512, 50, 20, 10, 10), () -> false))
                .isInstanceOf(SnapshotRefusedException.class)
                .hasMessageContaining("3 users and 2 venues need about 8");
    }

    @ParameterizedTest
    @CsvSource(delimiter = ':', textBlock = """
                    user: user_venue_interactions (user_id, venue_id, interaction_type) values ('DEAD', 'CAFE', 'like')
                    venue: user_venue_interactions (user_id, venue_id, interaction_type) values ('ADA', 'DEAD', 'like')
                    user: user_social_edges (user_id, other_user_id, relationship_type, strength) values ('ADA', 'DEAD', 'friend', 1)
                    """)
    void aRowWithoutWhatItRefersToIsToldWithItsId(String what, String row) throws Exception {
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("set session_replication_role = replica");
            statement.execute("insert into "
                    + row.replace("ADA", ADA.toString())
                            .replace("CAFE", CAFE.toString())
                            .replace("DEAD", "00000000-0000-0000-0000-00000000dead"));
        }

        assertThatThrownBy(this::stage)
                .hasMessageContaining(
                        "the %s 00000000-0000-0000-0000-00000000dead, which the snapshot does not have", what);
    }

    private SnapshotStaging.Staged stage() {
        return stage(() -> false);
    }

    private SnapshotStaging.Staged stage(StopRequest stopped) {
        return stage(new ScoringPortions(2, 512, 512, 50, 20, 10, 10), stopped);
    }

    private SnapshotStaging.Staged stage(ScoringPortions portions, StopRequest stopped) {
        runId = jdbc.sql("""
                        insert into run (kind, requested_by, profile, settings) values ('full', 'ada', '{}', '{}')
                        returning id
                        """).query(Long.class).single();
        jdbc.sql("select create_run_storage(?)")
                .param(runId)
                .query((row, n) -> 1)
                .single();
        return transaction.execute(tx -> staging.stage(runId, ScoringProfile.standard(), portions, stopped));
    }

    private static BlockInputs block(StagedInputs inputs, UUID user) {
        for (int position = 0; position < inputs.users(); position++) {
            if (inputs.userIds().id(inputs.userIndexAt(position)).equals(user)) {
                return inputs.block(position, position + 1);
            }
        }
        throw new AssertionError(user + " is not staged");
    }

    private static double homeLat(StagedInputs inputs, UUID user) {
        return block(inputs, user).homeLat()[0];
    }

    /** Everything about every user, in scoring order. */
    private static long digest(StagedInputs inputs) {
        long digest = 17;
        for (int first = 0; first < inputs.users(); first += 512) {
            BlockInputs block = inputs.block(first, Math.min(inputs.users(), first + 512));
            for (int row = 0; row < block.homeLat().length; row++) {
                digest = 31 * digest
                        + inputs.userIds().id(inputs.userIndexAt(first + row)).hashCode();
                digest = 31 * digest + Double.hashCode(block.homeLat()[row]);
                digest = 31 * digest + Double.hashCode(block.homeLng()[row]);
                for (int e = block.own().offset(row); e < block.own().offset(row + 1); e++) {
                    digest = 31 * digest + block.own().venue(e);
                    digest = 31 * digest + block.own().likes(e);
                    digest = 31 * digest + block.own().seconds(e);
                }
                for (int e = block.graph().offset(row); e < block.graph().offset(row + 1); e++) {
                    digest = 31 * digest + block.graph().friend(e);
                    digest = 31 * digest + Double.hashCode(block.graph().strength(e));
                }
            }
        }
        return digest;
    }

    private static void user(UUID id, String handle, Double home) {
        database.jdbc()
                .sql("insert into users (id, handle, name, home_lat, home_lng) values (?, ?, ?, ?, ?)")
                .params(id, handle, handle, home, home)
                .update();
    }

    private static void venue(UUID id, String category) {
        database.jdbc()
                .sql("insert into venues (id, name, category, lat, lng) values (?, 'venue', ?, 1, 1)")
                .params(id, category)
                .update();
    }

    private static void interaction(UUID user, UUID venue, String type, Integer dwell) {
        database.jdbc()
                .sql(
                        "insert into user_venue_interactions (user_id, venue_id, interaction_type, dwell_time) values (?, ?, ?, ?)")
                .params(user, venue, type, dwell)
                .update();
    }

    private static void edge(UUID user, UUID other, double strength) {
        database.jdbc()
                .sql(
                        "insert into user_social_edges (user_id, other_user_id, relationship_type, strength) values (?, ?, 'friend', ?)")
                .params(user, other, strength)
                .update();
    }
}
