package dev.luna.batch.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Venues that come in between runs, where only ids decide. */
class ArrivedVenuesIT extends Refreshing {

    /** Nobody has a home and nobody likes anything: all venues tie for everybody, and lists are the first eight ids. */
    @Test
    void aNewVenueOfTheSmallestIdIsFirstWhereAllTie() throws Exception {
        jdbc.sql("delete from user_venue_interactions").update();
        jdbc.sql("update users set home_lat = null, home_lng = null").update();
        Run base = run(RunKind.FULL);
        jdbc.sql("""
                        insert into venues (id, name, lat, lng)
                        values ('00000000-0000-0000-0000-000000000001', 'New', 48.1, 11.1)
                        """).update();

        Run refresh = run(RunKind.REFRESH);

        assertThat(count(
                        "published_venue_ranking where rank = 1 and venue_id = '00000000-0000-0000-0000-000000000001'"))
                .isEqualTo(USERS);
        assertAsAFullComputation(refresh, base);
    }
}
