package dev.luna.batch.run;

import static dev.luna.batch.run.RunDiff.CauseKind.MOVED_HOME;
import static dev.luna.batch.run.RunDiff.CauseKind.MOVED_VENUE;
import static dev.luna.batch.run.RunDiff.CauseKind.NEW_INTERACTIONS;
import static dev.luna.batch.run.RunDiff.CauseKind.POPULARITY_SHIFT;
import static dev.luna.batch.run.RunDiff.CauseKind.REMOVED_INTERACTIONS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.luna.batch.run.RunDiff.Cause;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;

/** Why a user has other venues: people in the west, six venues beside them, six in the east, and one at the other end. */
@SpringBootTest
class MoverCausesIT extends Town {

    @Autowired
    private RunDiffs diffs;

    MoverCausesIT() {
        super(8, 12);
    }

    @BeforeEach
    void westAndEast() {
        jdbc.sql("delete from user_venue_interactions").update();
        jdbc.sql("update users set home_lat = 48.1, home_lng = 11.1").update();
        jdbc.sql("update users set home_lat = null, home_lng = null where handle = 'user2'")
                .update();
        jdbc.sql("""
                        update venues set lat = 48.1,
                          lng = case when substring(name from '[0-9]+')::integer <= 6 then 11.1 else 11.3 end
                        """).update();
        jdbc.sql("""
                        insert into venues (id, name, lat, lng)
                        values ('ffffffff-ffff-4fff-bfff-ffffffffffff', 'Far away', -40, 11.1)
                        """).update();
    }

    @Test
    void whatBecameOfAUserAndHisVenuesIsTold() throws Exception {
        visit("user4", "venue7", "like", 0);
        visit("user5", "venue7", "view", 100);
        visit("user6", "venue7", "view", 300);
        visit("user7", "venue1", "view", 0);
        visit("user8", "venue8", "like", 0);
        visit("user8", "venue8", "like", 0);
        Run before = run(RunKind.FULL);
        jdbc.sql("update users set home_lat = null, home_lng = null where handle = 'user1'")
                .update();
        jdbc.sql("update users set home_lat = 48.1, home_lng = 11.1 where handle = 'user2'")
                .update();
        jdbc.sql("update users set home_lng = 11.3 where handle = 'user3'").update();
        jdbc.sql("update users set home_lat = 48.10004 where handle = 'user7'").update();
        visit("user3", "venue1", "view", 0);
        for (int i = 0; i < 3; i++) {
            visit("user4", "venue7", "like", 0);
        }
        jdbc.sql("update user_venue_interactions set dwell_time = 250 where dwell_time = 100")
                .update();
        jdbc.sql("update user_venue_interactions set dwell_time = 10 where dwell_time = 300")
                .update();
        jdbc.sql("delete from user_venue_interactions where user_id in (md5('user7')::uuid, md5('user8')::uuid)")
                .update();
        jdbc.sql("update venues set lat = -41 where name = 'Far away'").update();

        RunDiff diff = diffs.compare(run(RunKind.FULL).id(), before.id(), 10);

        // Venue 7 has four likes of four at most after one of two, and venue 8 none after two.
        Cause shift = new Cause(POPULARITY_SHIFT, "of 2 venues, at most by -1.000");
        Cause farther = new Cause(MOVED_VENUE, "1 venue");
        assertThat(causes(diff, "user1")).startsWith(new Cause(MOVED_HOME, "has no home any more"));
        assertThat(causes(diff, "user2")).startsWith(new Cause(MOVED_HOME, "has a home now"));
        // He was beside the first six, and is beside the others now, of which the liked ones come first. As others are
        // among his first ten, nobody looks behind them.
        assertThat(causes(diff, "user3"))
                .containsExactly(
                        new Cause(MOVED_HOME, "from 48.100000, 11.100000 to 48.100000, 11.300000"),
                        new Cause(NEW_INTERACTIONS, "with 1 venue"),
                        shift);
        assertThat(mover(diff, "user3").entered()).isEqualTo(byId(9, 12).subList(2, 4));
        assertThat(mover(diff, "user3").left()).isEqualTo(byId(1, 6).subList(4, 6));
        assertThat(causes(diff, "user4")).containsExactly(new Cause(NEW_INTERACTIONS, "with 1 venue"), farther, shift);
        assertThat(causes(diff, "user5")).containsExactly(new Cause(NEW_INTERACTIONS, "with 1 venue"), farther, shift);
        assertThat(causes(diff, "user6"))
                .containsExactly(new Cause(REMOVED_INTERACTIONS, "with 1 venue"), farther, shift);
        assertThat(causes(diff, "user7"))
                .as("a move of some metres")
                .startsWith(
                        new Cause(MOVED_HOME, "from 48.100000, 11.100000 to 48.100040, 11.100000"),
                        new Cause(REMOVED_INTERACTIONS, "with 1 venue"));
        assertThat(causes(diff, "user8"))
                .containsExactly(new Cause(REMOVED_INTERACTIONS, "with 1 venue"), farther, shift);
    }

    @Test
    void whereNobodyLikesAnythingNoPopularityShifts() throws Exception {
        Run before = run(RunKind.FULL);
        visit("user4", "venue7", "view", 300);

        RunDiff diff = diffs.compare(run(RunKind.FULL).id(), before.id(), 10);

        assertThat(diff.movers()).extracting(RunDiff.Mover::userId).containsExactly(id("user4"));
        assertThat(causes(diff, "user4")).containsExactly(new Cause(NEW_INTERACTIONS, "with 1 venue"));
    }

    @Test
    void otherListLengthsAreToldAsAnotherProfileIs() throws Exception {
        Run before = run(RunKind.FULL);
        Run after = run(RunKind.FULL);
        jdbc.sql("update run set settings = settings || '{\"venues_per_user\": 9}' where id = ?")
                .param(after.id())
                .update();

        assertThat(diffs.compare(after.id(), before.id(), 0).isOtherProfile()).isTrue();
    }

    @Test
    void withNobodyInBothNothingIsOther() {
        assertThat(new ListComparison(new GenerationVenues(jdbc), 10).meanOverlap())
                .isEqualTo(1);
    }

    private void visit(String user, String venue, String type, int seconds) {
        jdbc.sql("""
                        insert into user_venue_interactions (user_id, venue_id, interaction_type, dwell_time)
                        values (md5(?)::uuid, md5(?)::uuid, ?, ?)
                        """).params(user, venue, type, seconds).update();
    }

    private List<Cause> causes(RunDiff diff, String user) {
        return mover(diff, user).causes();
    }

    private RunDiff.Mover mover(RunDiff diff, String user) {
        return diff.movers().stream()
                .filter(mover -> mover.userId().equals(id(user)))
                .findFirst()
                .orElseThrow();
    }

    private List<UUID> byId(int firstVenue, int lastVenue) {
        return IntStream.rangeClosed(firstVenue, lastVenue)
                .mapToObj(i -> id("venue" + i))
                .sorted(Comparator.comparing(UUID::toString))
                .toList();
    }
}
