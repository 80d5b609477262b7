package dev.luna.batch.run;

import org.springframework.boot.test.context.SpringBootTest;

/** What tests of publication share: a town, a gate with narrow bands, and two kept runs; one Spring context for all. */
@SpringBootTest(
        properties = {
            "luna.recompute.keep-runs=2",
            "luna.recompute.venues-per-user=50",
            "luna.recompute.gate.overlap-min=0.8",
            "luna.recompute.gate.users-covered-min=0.98",
            "luna.recompute.gate.rows-min=0.98",
            "luna.recompute.gate.size-min=0.5",
            "luna.recompute.block-users=16",
            "luna.recompute.chunk-users=16"
        })
abstract class Publishing extends Town {

    static final int USERS = 200;

    /** 50 ranked venues of 16 bytes. */
    static final long LIST_BYTES = 50 * 16;

    Publishing() {
        super(USERS, 80);
    }

    Run stoppedInScoring() throws Exception {
        return stopped(RunKind.FULL, 32);
    }

    Run recompute() throws InterruptedException {
        return run(RunKind.FULL);
    }

    Run refresh() throws InterruptedException {
        return run(RunKind.REFRESH);
    }

    void moveEverybody() {
        jdbc.sql("""
                        update users set home_lat = 48.25 - (home_lat - 48), home_lng = 11.47 - (home_lng - 11)
                        where home_lat < 60 and home_lng < 30
                        """).update();
        jdbc.sql("delete from user_venue_interactions").update();
    }
}
