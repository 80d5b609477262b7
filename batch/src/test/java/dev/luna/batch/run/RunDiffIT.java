package dev.luna.batch.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.luna.batch.run.RunDiff.CauseKind;
import dev.luna.batch.scoring.InteractionType;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** What two runs have in common and what not. */
@SpringBootTest
class RunDiffIT extends Town {

    private static final int USERS = 150;

    @Autowired
    private RecomputedChecksum recomputed;

    @Autowired
    private RunDiffs diffs;

    @Autowired
    private Verifications verifications;

    @Autowired
    private RunStore store;

    @Autowired
    private RunVerifier verifier;

    RunDiffIT() {
        super(USERS, 90);
    }

    @Test
    void equalRunsDifferInNothing() throws Exception {
        Run first = run(RunKind.FULL);
        Run second = run(RunKind.FULL);

        assertThat(diffs.compare(second.id(), null, 5))
                .isEqualTo(new RunDiff(second.id(), first.id(), USERS, 0, 1, 0, 0, 0, 0, false, List.of()));
    }

    @Test
    void countsAndOverlapAreThoseOfTheLists() throws Exception {
        Run first = run(RunKind.FULL);
        someEdits();
        Run second = run(RunKind.FULL);

        RunDiff diff = diffs.compare(second.id(), first.id(), 1000);

        assertCounts(diff, first, second);
        assertThat(diff.usersOnlyInRun()).isEqualTo(1);
        assertThat(diff.usersOnlyInAgainst()).isEqualTo(1);
        assertThat(diff.venuesNew()).isEqualTo(1);
        assertThat(diff.venuesGone()).isEqualTo(1);
        assertThat(diff.movers()).hasSize((int) diff.usersChanged());
        assertThat(causes(diff, "user15")).contains(CauseKind.MOVED_HOME);
        assertThat(causes(diff, "user30")).contains(CauseKind.NEW_INTERACTIONS);
        assertThat(diff.movers())
                .flatExtracting(RunDiff.Mover::causes)
                .extracting(RunDiff.Cause::kind)
                .contains(CauseKind.NEW_VENUE, CauseKind.DELETED_VENUE, CauseKind.POPULARITY_SHIFT)
                .doesNotContain(CauseKind.OTHER_PROFILE);
        assertThat(diffs.compare(second.id(), first.id(), 3).movers())
                .isEqualTo(diff.movers().subList(0, 3));
    }

    @Test
    void aChangeBehindTheFirstTenHasItsCauseToo() throws Exception {
        run(RunKind.FULL);
        jdbc.sql("""
                        insert into venues (name, category, lat, lng)
                        select 'New', 'category 1', home_lat, home_lng from users where id = md5('user60')::uuid
                        union all values ('New too', 'category 1', 48.12, 11.17)
                        """).update();
        Run second = run(RunKind.FULL);

        List<RunDiff.Mover> movers = diffs.compare(second.id(), null, 1000).movers();

        assertThat(movers).anyMatch(mover -> mover.overlapAt10() < 1).anyMatch(mover -> mover.overlapAt10() == 1);
        assertThat(movers)
                .allSatisfy(mover -> assertThat(mover.causes())
                        .extracting(RunDiff.Cause::kind)
                        .containsExactly(CauseKind.NEW_VENUE));
    }

    @Test
    void aRemovedInteractionAMovedVenueAndAnotherProfileAreCauses() throws Exception {
        Run first = run(RunKind.FULL);
        jdbc.sql("delete from user_venue_interactions where user_id = md5('user25')::uuid")
                .update();
        jdbc.sql("update venues set lat = lat + 0.05 where id = md5('venue20')::uuid")
                .update();
        Run second = run(RunKind.FULL);
        jdbc.sql("update run set profile = profile || '{\"other\": 1}' where id = :id")
                .param("id", second.id())
                .update();

        RunDiff diff = diffs.compare(second.id(), first.id(), 1000);

        assertThat(diff.isOtherProfile()).isTrue();
        assertThat(diff.movers())
                .allSatisfy(mover -> assertThat(mover.causes())
                        .extracting(RunDiff.Cause::kind)
                        .contains(CauseKind.OTHER_PROFILE)
                        .doesNotContain(CauseKind.NEW_INTERACTIONS));
        assertThat(diff.movers())
                .filteredOn(mover ->
                        mover.causes().stream().anyMatch(cause -> cause.kind() == CauseKind.REMOVED_INTERACTIONS))
                .extracting(RunDiff.Mover::userId)
                .containsExactly(id("user25"));
        assertThat(diff.movers())
                .flatExtracting(RunDiff.Mover::causes)
                .contains(new RunDiff.Cause(CauseKind.MOVED_VENUE, "1 venue"));
    }

    @Test
    void otherPositiveTypesAreNoInteractionsThatCameOrWent() throws Exception {
        Run first = run(RunKind.FULL);
        Set<InteractionType> view = Set.of(InteractionType.VIEW);
        ScoringSettings views =
                new ScoringSettings(null, null, null, null, null, null, null, null, null, null, null, null, null, view);
        Run second = await(runs.start(RunKind.FULL, views, false, "ada").run());

        assertThat(diffs.compare(second.id(), first.id(), 1000).movers())
                .isNotEmpty()
                .allSatisfy(mover -> assertThat(mover.causes())
                        .extracting(RunDiff.Cause::kind)
                        .contains(CauseKind.OTHER_PROFILE)
                        .doesNotContain(CauseKind.NEW_INTERACTIONS, CauseKind.REMOVED_INTERACTIONS));
    }

    @Test
    void aRefreshIsComparedAsAWholeGeneration() throws Exception {
        Run base = run(RunKind.FULL);
        someEdits();
        Run refresh = run(RunKind.REFRESH);

        RunDiff diff = diffs.compare(refresh.id(), null, 1000);

        assertThat(diff.againstId()).isEqualTo(base.id());
        assertCounts(diff, base, refresh);
        assertThat(causes(diff, "user15")).contains(CauseKind.MOVED_HOME);
        assertThat(diff.movers())
                .flatExtracting(RunDiff.Mover::causes)
                .extracting(RunDiff.Cause::kind)
                .doesNotContain(CauseKind.POPULARITY_SHIFT);

        jdbc.sql("update users set home_lat = 48.2, home_lng = 11.02 where id = md5('user45')::uuid")
                .update();
        Run later = run(RunKind.REFRESH);
        RunDiff ofRefreshes = diffs.compare(later.id(), null, 1000);
        assertThat(ofRefreshes.againstId()).isEqualTo(refresh.id());
        assertCounts(ofRefreshes, refresh, later);

        Run full = run(RunKind.FULL);
        assertCounts(diffs.compare(full.id(), refresh.id(), 0), refresh, full);
        assertCounts(diffs.compare(refresh.id(), full.id(), 0), full, refresh);
    }

    @Test
    void whatCannotBeComparedIsRefusedWithTheReason() throws Exception {
        Run only = run(RunKind.FULL);

        assertThatThrownBy(() -> diffs.compare(only.id(), null, 5))
                .isInstanceOf(RunRefusedException.class)
                .hasMessageContaining("luna runs diff " + only.id() + " --against ID");
        assertThatThrownBy(() -> diffs.compare(only.id(), only.id() + 1, 5)).isInstanceOf(RunNotFoundException.class);
        jdbc.sql("update run set state = 'stopped'").update();
        assertThatThrownBy(() -> diffs.compare(only.id(), only.id(), 5))
                .isInstanceOf(RunRefusedException.class)
                .hasMessageContaining("has no complete rankings");
        assertThatThrownBy(() -> verifications.verify(only.id(), 5))
                .isInstanceOf(RunRefusedException.class)
                .hasMessageContaining("luna runs restart " + only.id());
    }

    @Test
    void aRunThatGoesWhileItIsReadIsRefusedAsOneThatIsGone() throws Exception {
        Run first = run(RunKind.FULL);
        Run second = run(RunKind.FULL);
        Run third = run(RunKind.FULL);
        DataSource dropping = new DelegatingDataSource(dataSource) {
            @Override
            public Connection getConnection() throws SQLException {
                drop(first);
                return super.getConnection();
            }
        };

        assertThatThrownBy(() -> new RunDiffs(store, dropping, jdbc).compare(third.id(), first.id(), 5))
                .isInstanceOf(RunRefusedException.class)
                .hasMessageContaining("Run %d has no complete rankings to compare.", first.id());
        RunVerifier dropsFirst = (id, users, stopped) -> {
            drop(second);
            return verifier.verify(id, users, stopped);
        };
        assertThatThrownBy(() -> new Verifications(store, dropsFirst, recomputed).verify(second.id(), 5))
                .isInstanceOf(RunRefusedException.class)
                .hasMessageContaining("Run %d has no complete rankings to verify.", second.id());
    }

    @Test
    void aPoolThatHasNoConnectionLeftIsAFailureOfTheDatabase() throws Exception {
        Run first = run(RunKind.FULL);
        Run second = run(RunKind.FULL);
        DataSource exhausted = new DelegatingDataSource(dataSource) {
            @Override
            public Connection getConnection() throws SQLException {
                throw new SQLTransientConnectionException("request timed out after 30 s");
            }
        };

        assertThatThrownBy(() -> new RunDiffs(store, exhausted, jdbc).compare(second.id(), first.id(), 5))
                .isInstanceOf(DataAccessResourceFailureException.class);
    }

    private void drop(Run run) {
        jdbc.sql("select drop_run_storage(:id)")
                .param("id", run.id())
                .query((row, n) -> 1)
                .single();
    }

    private void someEdits() {
        jdbc.sql("update users set home_lat = 48.2, home_lng = 11.02 where id = md5('user15')::uuid")
                .update();
        jdbc.sql("""
                        insert into user_venue_interactions (user_id, venue_id, interaction_type, dwell_time)
                        select md5('user30')::uuid, id, 'like', 100 from venues order by id limit 12
                        """).update();
        jdbc.sql("delete from venues where id = md5('venue7')::uuid").update();
        jdbc.sql("""
                        insert into venues (name, category, lat, lng)
                        select 'New', 'category 1', home_lat, home_lng from users where id = md5('user60')::uuid
                        """).update();
        jdbc.sql("delete from users where id = md5('user8')::uuid").update();
        jdbc.sql("insert into users (handle, name, home_lat, home_lng) values ('new', 'New', 48.1, 11.1)")
                .update();
    }

    /** Counts, overlap of the first ten and who moved most, from the unpacked lists, by SQL. */
    private void assertCounts(RunDiff diff, Run before, Run after) {
        long published = runs.published().orElseThrow().id();
        for (Run run : List.of(before, after)) {
            runs.publish(run.id(), "ada", false);
            jdbc.sql("drop table if exists test_list_" + run.id()).update();
            jdbc.sql("""
                            create table test_list_%d as
                            select user_id, array_agg(venue_id order by rank) as venues
                            from published_venue_ranking group by user_id
                            """.formatted(run.id())).update();
        }
        runs.publish(published, "ada", false);
        jdbc.sql("""
                        select count(*) as users, count(*) filter (where b.venues <> a.venues) as changed,
                               avg((select count(*) from unnest(a.venues[1:10]) v where v = any(b.venues[1:10])) / 10.0) as overlap
                        from test_list_%d b join test_list_%d a using (user_id)
                        """.formatted(before.id(), after.id())).query(row -> {
            assertThat(diff.usersInBoth()).isEqualTo(row.getLong("users"));
            assertThat(diff.usersChanged()).isEqualTo(row.getLong("changed")).isPositive();
            assertThat(diff.meanOverlapAt10()).isCloseTo(row.getDouble("overlap"), within(1e-12));
        });
        assertThat(jdbc.sql("""
                        select user_id from test_list_%d b join test_list_%d a using (user_id)
                        where b.venues <> a.venues
                        order by (select count(*) from unnest(a.venues[1:10]) v where v = any(b.venues[1:10])),
                                 (select count(*) from unnest(a.venues) v where v = any(b.venues)), user_id
                        limit %d
                        """.formatted(before.id(), after.id(), diff.movers().size()))
                        .query(UUID.class)
                        .list())
                .isEqualTo(diff.movers().stream().map(RunDiff.Mover::userId).toList());
        jdbc.sql("drop table test_list_%d, test_list_%d".formatted(before.id(), after.id()))
                .update();
    }

    private List<CauseKind> causes(RunDiff diff, String user) {
        return diff.movers().stream()
                .filter(mover -> mover.userId().equals(id(user)))
                .flatMap(mover -> mover.causes().stream())
                .map(RunDiff.Cause::kind)
                .toList();
    }
}
