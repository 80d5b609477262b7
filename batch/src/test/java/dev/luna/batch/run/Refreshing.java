package dev.luna.batch.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;

/** What tests of refresh runs share: a town with short lists and small chunks; one Spring context for all. */
@SpringBootTest(
        properties = {
            "luna.recompute.venues-per-user=8",
            "luna.recompute.companions-per-user=5",
            "luna.recompute.companion-venues=4",
            "luna.recompute.companions-per-venue=3",
            "luna.recompute.block-users=8",
            "luna.recompute.chunk-users=8",
            "luna.recompute.threads=2",
            "luna.recompute.lease=3s",
            "luna.recompute.keep-runs=2",
            "luna.recompute.gate.overlap-min=0"
        })
abstract class Refreshing extends Town {

    static final int USERS = 240;
    static final int VENUES = 70;
    static final RunSettings SETTINGS = new RunSettings(8, 5, 4, 3, 8, 8);

    @Autowired
    RunVerifier verifier;

    Refreshing() {
        super(USERS, VENUES);
    }

    /** A new run, when it is complete. */
    @Override
    Run run(RunKind kind) throws InterruptedException {
        Run ended = super.run(kind);
        assertThat(ended.state()).as(ended.sentence()).isEqualTo(RunState.COMPLETED);
        return ended;
    }

    Run stoppedRefresh() throws Exception {
        return stopped(RunKind.REFRESH, 24);
    }

    void assertAsAFullComputation(Run refresh, Run base) {
        FullComputation full = FullComputation.under(jdbc, base.id(), SETTINGS);
        assertThat(refresh.baseRunId()).isEqualTo(base.id());
        assertThat(refresh.counts().users()).isEqualTo(full.users());
        assertThat(refresh.counts().edges()).isEqualTo(count("user_social_edges"));
        assertThat(publishedVenueRanks()).isEqualTo(full.venueRanks());
        assertThat(publishedCompanionRanks()).containsExactlyInAnyOrderElementsOf(full.companionRanks());
        assertThat(refresh.checksum()).isEqualTo(full.checksum());
        assertThat(verifier.verify(refresh.id(), USERS).firstDifference()).isEmpty();
    }

    List<String> publishedCompanionRanks() {
        return jdbc.sql("""
                        select user_id || ' ' || coalesce(venue_id::text, 'null') || ' ' || rank || ' ' || companion_id
                        from published_companion_ranking
                        """).query(String.class).list();
    }

    List<String> publishedVenueRanks() {
        return jdbc.sql("""
                        select user_id || ' ' || rank || ' ' || venue_id from published_venue_ranking order by user_id, rank
                        """).query(String.class).list();
    }

    long count(String table) {
        return jdbc.sql("select count(*) from " + table).query(Long.class).single();
    }
}
