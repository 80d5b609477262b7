package dev.luna.batch.run;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.core.env.Environment;

/**
 * What tests of a run's life share: a town whose chunks are of 8 users, so that there are many to strike at, and the ways
 * to strike. One Spring context serves them all.
 */
@SpringBootTest(
        properties = {
            "luna.recompute.block-users=8",
            "luna.recompute.chunk-users=8",
            "luna.recompute.threads=2",
            "luna.recompute.lease=3s"
        })
abstract class RunLifecycle extends Town {

    static final int USERS = 400;

    static final String[] SAME_SETTINGS = {
        "luna.recompute.block-users=8",
        "luna.recompute.chunk-users=8",
        "luna.recompute.threads=2",
        "luna.recompute.lease=3s"
    };

    /** Two chunks of each partition commit, the third waits. */
    static final int BRAKE_AT = 24;

    @Autowired
    Environment environment;

    RunLifecycle() {
        this(USERS, 60);
    }

    RunLifecycle(int users, int venues) {
        super(users, venues);
    }

    Run stoppedInScoring() throws Exception {
        return stopped(RunKind.FULL, BRAKE_AT);
    }

    /** As a process leaves it that dies: the run is running, its lease lapsed. */
    Run leftBehind(Run run) {
        jdbc.sql("update run set state = 'running', finished_at = null where id = :id")
                .param("id", run.id())
                .update();
        jdbc.sql("""
                        update run_lease
                        set token = token + 1, run_id = :id, owner = 'gone:1', acquired_at = now() - interval '1 minute',
                            expires_at = now() - interval '1 second'
                        """).param("id", run.id()).update();
        return run;
    }

    /** Rankings that only one of two runs has, byte for byte. */
    long differingRows(long left, long right) {
        return jdbc.sql("""
                        select count(*) from (
                          (select user_id, ranking from venue_ranking where run_id = :left
                           except select user_id, ranking from venue_ranking where run_id = :right)
                          union all
                          (select user_id, ranking from companion_ranking where run_id = :left
                           except select user_id, ranking from companion_ranking where run_id = :right)) difference
                        """)
                .param("left", left)
                .param("right", right)
                .query(Long.class)
                .single();
    }
}
