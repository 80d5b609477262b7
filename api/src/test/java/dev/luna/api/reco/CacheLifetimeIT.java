package dev.luna.api.reco;

import static org.assertj.core.api.Assertions.assertThat;

import dev.luna.batch.database.TestDatabase;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

class CacheLifetimeIT {

    private static final long NOON = Instant.parse("2026-11-25T12:00:00Z").toEpochMilli();

    private final JdbcClient jdbc = TestDatabase.migrated().jdbc();

    @Test
    void theNextRunIsTheEarliestOfEitherKind() {
        schedule("luna", "full", NOON + 2);
        schedule("luna", "refresh", NOON);
        schedule("luna", "recovery", NOON - 1);
        schedule("other", "full", NOON - 1);

        assertThat(CacheLifetime.nextRun(jdbc)).contains(Instant.ofEpochMilli(NOON));
    }

    @Test
    void aTriggerThatNeverFiresAgainDecidesNothing() {
        schedule("luna", "full", NOON);
        schedule("luna", "refresh", -1);

        assertThat(CacheLifetime.nextRun(jdbc)).contains(Instant.ofEpochMilli(NOON));
    }

    @Test
    void withoutAScheduleThereIsNoNextRun() {
        assertThat(CacheLifetime.nextRun(jdbc)).isEmpty();
    }

    private void schedule(String group, String name, long nextFireTime) {
        jdbc.sql(
                        "insert into qrtz_job_details values ('luna', :name, :group, null, 'a job', true, true, false, false, null)")
                .param("name", name)
                .param("group", group)
                .update();
        jdbc.sql("""
                        insert into qrtz_triggers (sched_name, trigger_name, trigger_group, job_name, job_group,
                          next_fire_time, trigger_state, trigger_type, start_time)
                        values ('luna', :name, :group, :name, :group, :next, 'WAITING', 'CRON', 0)
                        """)
                .param("name", name)
                .param("group", group)
                .param("next", nextFireTime)
                .update();
    }
}
