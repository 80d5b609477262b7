package dev.luna.batch.schedule;

import dev.luna.batch.database.TestDatabase;
import org.junit.jupiter.api.BeforeEach;
import org.quartz.Scheduler;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What tests of the schedule share: it is on its real store, and its hours are of a far year, so that they never come by
 * themselves; one Spring context for all.
 */
@SpringBootTest(
        properties = {
            "luna.schedule.enabled=true",
            "luna.schedule.full-cron=" + Scheduling.NIGHTLY,
            "luna.schedule.refresh-cron=" + Scheduling.HOURLY,
            "luna.schedule.time-zone=Europe/Berlin",
            "luna.schedule.recovery-interval=1s"
        })
abstract class Scheduling {

    static final String NIGHTLY = "0 30 3 * * ? 2099";
    static final String HOURLY = "0 15 * * * ? 2099";

    @Autowired
    Scheduler scheduler;

    @Autowired
    JdbcClient jdbc;

    @BeforeEach
    void emptyDatabase() {
        TestDatabase.clear(jdbc);
    }
}
