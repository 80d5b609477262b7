package dev.luna.batch.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.luna.batch.database.RunTables;
import dev.luna.batch.database.TestDatabase;
import dev.luna.batch.run.SmallWorld;
import dev.luna.batch.scoring.ScoringProfile;
import dev.luna.batch.scoring.VenueCatalog;
import dev.luna.batch.scoring.VenueRankingCodec;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

class ChangedUsersIT {

    private static final TestDatabase database = TestDatabase.migrated();

    private final JdbcClient jdbc = database.jdbc();
    private final ScratchDirectory scratch = new ScratchDirectory(Path.of("target", "scratch"));

    /** Refreshes read some thousand at a time. */
    @Test
    void theyAreTheSameHoweverManyAreReadAtATime() throws Exception {
        database.clear();
        SmallWorld.create(jdbc, 40, 12);
        long id = jdbc.sql("""
                        insert into run (kind, requested_by, profile, settings) values ('full', 'ada', '{}', '{}')
                        returning id
                        """).query(Long.class).single();
        jdbc.sql("select create_run_storage(?)").param(id).query().listOfRows();
        String visible = new TransactionTemplate(new JdbcTransactionManager(database.dataSource()))
                .execute(tx -> new SnapshotStaging(database.dataSource(), new PartitionPlanStore(jdbc), scratch)
                        .stage(
                                id,
                                ScoringProfile.standard(),
                                new ScoringPortions(2, 512, 512, 50, 20, 10, 10),
                                () -> false))
                .snapshot()
                .visible();
        jdbc.sql(
                        "update user_venue_interactions set dwell_time = 250 where user_id in (select id from users where handle like '%3')")
                .update();
        jdbc.sql("update users set home_lat = null, home_lng = null where handle like '%4' or handle like '%5'")
                .update();
        jdbc.sql("delete from users where handle like '%6'").update();
        jdbc.sql("insert into users (handle, name) values ('new', 'New')").update();

        List<String> together = changed(id, visible, 1_000);

        assertThat(together).hasSizeGreaterThan(12).doesNotHaveDuplicates();
        assertThat(changed(id, visible, 1)).isEqualTo(together);
        assertThat(changed(id, visible, 5)).isEqualTo(together);
    }

    /** Of each his id, what he had to do with venues, and at which of them he is another companion now. */
    private List<String> changed(long baseId, String visible, int atATime) throws Exception {
        try (Connection connection = database.dataSource().getConnection()) {
            connection.setAutoCommit(false);
            JdbcClient own = JdbcClient.create(new SingleConnectionDataSource(connection, true));
            RunTables base = new RunTables(baseId);
            VenueCatalog catalog = new StagedInputsReader(database.dataSource(), scratch).catalog(baseId);
            RefreshVenues venues = RefreshVenues.compare(connection, own, base, visible, catalog);
            ChangedUsers changed = ChangedUsers.read(
                    new ChangedUsers.Source(connection, own, base, catalog, venues),
                    visible,
                    ScoringProfile.standard().positiveTypes(),
                    atATime,
                    scratch.directory(),
                    () -> false);
            List<String> ids = own.sql("select user_id from refresh_changed order by changed_no")
                    .query(String.class)
                    .list();
            return IntStream.range(0, changed.size())
                    .mapToObj(user -> "%s %s at %s"
                            .formatted(
                                    ids.get(user),
                                    HexFormat.of().formatHex(changed.packedVenues(user)),
                                    concerned(changed.taste(user), catalog)))
                    .toList();
        }
    }

    private static String concerned(TasteChange taste, VenueCatalog catalog) {
        return IntStream.range(0, catalog.size())
                .filter(venue -> taste.concerns(
                        ByteBuffer.allocate(VenueRankingCodec.ENTRY_BYTES).putInt(0, venue), catalog))
                .mapToObj(Integer::toString)
                .collect(Collectors.joining(","));
    }
}
