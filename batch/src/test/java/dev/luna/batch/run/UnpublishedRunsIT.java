package dev.luna.batch.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How long runs are kept that were not published: held, failed or stopped. */
class UnpublishedRunsIT extends Publishing {

    @Test
    void aRunThatIsHeldTakesNoPlaceOfThoseThatAreKept() throws Exception {
        Run first = recompute();
        recompute();
        moveEverybody();

        Run held = recompute();

        assertThat(held.state()).as(held.sentence()).isEqualTo(RunState.HELD);
        assertThat(runs.get(first.id()).storageDroppedAt()).isNull();
    }

    @Test
    void ofHeldRunsOnlyTheNewestAreKept() throws Exception {
        Run published = recompute();
        moveEverybody();
        Run first = recompute();
        Run second = recompute();
        Run third = recompute();
        assertThat(third.state()).isEqualTo(RunState.HELD);

        assertThat(runs.get(first.id()).storageDroppedAt()).isNotNull();
        assertThat(runs.get(second.id()).storageDroppedAt()).isNull();
        assertThat(runs.get(published.id()).storageDroppedAt()).isNull();
        assertThatThrownBy(() -> runs.publish(first.id(), "bob", true))
                .isInstanceOf(RunRefusedException.class)
                .hasMessageContaining("its rankings were dropped");
        assertThatThrownBy(() -> runs.restart(first.id(), "bob"))
                .isInstanceOf(RunRefusedException.class)
                .hasMessageContaining("its rankings were dropped");
        assertThat(runs.publish(third.id(), "bob", true).published()).isTrue();
    }

    @Test
    void failedRefreshesTakeNoPlaceOfHeldFullRuns() throws Exception {
        recompute();
        moveEverybody();
        Run held = recompute();
        assertThat(held.state()).isEqualTo(RunState.HELD);
        jdbc.sql("alter table run add constraint test_failure check (phase <> 'scoring') not valid")
                .update();
        try {
            // The last one drops, before it begins, what the others leave to be dropped.
            for (int n = 0; n < 3; n++) {
                assertThat(refresh().state()).isEqualTo(RunState.FAILED);
            }
        } finally {
            jdbc.sql("alter table run drop constraint test_failure").update();
        }

        assertThat(runs.get(held.id()).storageDroppedAt()).isNull();
    }

    @Test
    void ofFailedRunsOnlyTheNewestAreKeptBesideTheOneUnderWay() throws Exception {
        List<Run> failed = new ArrayList<>();
        jdbc.sql("alter table run add constraint test_failure check (phase <> 'scoring') not valid")
                .update();
        try {
            for (int n = 0; n < 4; n++) {
                failed.add(recompute());
            }
        } finally {
            jdbc.sql("alter table run drop constraint test_failure").update();
        }

        assertThat(failed).extracting(Run::state).containsOnly(RunState.FAILED);
        assertThat(failed)
                .extracting(run -> runs.get(run.id()).storageDroppedAt() != null)
                .containsExactly(true, false, false, false);
        assertThatThrownBy(() -> runs.restart(failed.get(0).id(), "bob"))
                .isInstanceOf(RunRefusedException.class)
                .hasMessageStartingWith(
                        "Run %d cannot be resumed: Failed", failed.get(0).id())
                .hasMessageContaining("dropped");
        Run ended = runs.await(runs.restart(failed.get(3).id(), "bob").id(), progress -> {});
        assertThat(ended.published()).as(ended.sentence()).isTrue();
    }

    @Test
    void aHeldFullRunOutlivesTheRefreshesOfThePublishedOne() throws Exception {
        Run published = recompute();
        mirrorTown();
        Run held = recompute();
        assertThat(held.state()).as(held.sentence()).isEqualTo(RunState.HELD);
        mirrorTown();

        Run refresh = refresh();

        assertThat(refresh.published()).as(refresh.sentence()).isTrue();
        assertThat(refresh.baseRunId()).isEqualTo(published.id());
        assertThat(runs.get(held.id()).storageDroppedAt()).isNull();
        assertThat(runs.publish(held.id(), "bob", true).published()).isTrue();
        // Who changed since its snapshot is ranked anew.
        Run next = refresh();
        assertThat(next.baseRunId()).isEqualTo(held.id());
        assertThat(next.progress().usersDone()).as(next.sentence()).isPositive();
    }

    @Test
    void aHeldFullRunGoesWithTheNextFullOneAndAHeldRefreshWithAny() throws Exception {
        recompute();
        mirrorTown();
        Run heldRefresh = refresh();
        Run heldFull = recompute();
        assertThat(heldRefresh.state()).as(heldRefresh.sentence()).isEqualTo(RunState.HELD);
        assertThat(heldFull.state()).as(heldFull.sentence()).isEqualTo(RunState.HELD);
        mirrorTown();

        assertThat(refresh().published()).isTrue();
        assertThat(runs.get(heldRefresh.id()).storageDroppedAt()).isNotNull();
        assertThat(runs.get(heldFull.id()).storageDroppedAt()).isNull();

        Run full = recompute();
        assertThat(full.published()).as(full.sentence()).isTrue();
        assertThat(runs.get(heldFull.id()).storageDroppedAt()).isNotNull();
    }

    @Test
    void aStoppedFullRunIsResumedAfterARefreshWasPublished() throws Exception {
        recompute();
        Run stopped = stoppedInScoring();
        jdbc.sql("update users set home_lat = home_lat + 0.01 where id = md5('user6')::uuid")
                .update();
        assertThat(refresh().published()).isTrue();

        Run ended = runs.await(runs.restart(stopped.id(), "bob").id(), progress -> {});

        assertThat(ended.published()).as(ended.sentence()).isTrue();
        assertThat(ended.snapshotAt()).isEqualTo(stopped.snapshotAt());
        Run next = refresh();
        assertThat(next.baseRunId()).isEqualTo(stopped.id());
        assertThat(next.progress().usersDone()).as(next.sentence()).isPositive();
    }

    /** Far enough for the gate to hold who is ranked there; the second time, back to where everybody was. */
    private void mirrorTown() {
        jdbc.sql("update users set home_lat = 96.25 - home_lat, home_lng = 22.47 - home_lng")
                .update();
        jdbc.sql("""
                        update user_venue_interactions set venue_id = md5('venue' || 81 - i)::uuid
                        from generate_series(1, 80) i where venue_id = md5('venue' || i)::uuid
                        """).update();
    }
}
