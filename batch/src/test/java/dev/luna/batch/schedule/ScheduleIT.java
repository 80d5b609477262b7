package dev.luna.batch.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.luna.batch.database.TestDatabase;
import dev.luna.batch.run.Eventually;
import dev.luna.batch.run.OtherProcess;
import dev.luna.batch.run.Run;
import dev.luna.batch.run.RunKind;
import dev.luna.batch.run.RunRefusedException;
import dev.luna.batch.run.RunState;
import dev.luna.batch.run.Runs;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.TimeZone;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.quartz.CronTrigger;
import org.quartz.JobKey;
import org.quartz.Scheduler;
import org.quartz.SimpleTrigger;
import org.quartz.Trigger;
import org.quartz.TriggerBuilder;
import org.quartz.TriggerKey;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.quartz.SchedulerFactoryBean;
import org.springframework.transaction.PlatformTransactionManager;

/** The schedule on its real store. The nightly hour never comes in these tests; what it does is triggered by hand. */
@SpringBootTest(
        properties = {
            "luna.schedule.enabled=true",
            "luna.schedule.full-cron=0 30 3 * * ?",
            "luna.schedule.refresh-cron=0 15 * * * ?",
            "luna.schedule.time-zone=Europe/Berlin",
            "luna.schedule.recovery-interval=1s"
        })
class ScheduleIT {

    private static final TriggerKey FULL = new TriggerKey(Schedule.FULL, Schedule.GROUP);

    @Autowired
    private Scheduler scheduler;

    @Autowired
    private ObjectProvider<Scheduler> schedulers;

    @Autowired
    private PlatformTransactionManager transactions;

    @Autowired
    private Runs runs;

    @Autowired
    private JdbcClient jdbc;

    @Autowired
    private Environment environment;

    @BeforeEach
    void emptyDatabase() {
        TestDatabase.clear(jdbc);
    }

    @Test
    void theNightlyRunIsKeptInTheDatabaseWithItsZone() throws Exception {
        CronTrigger trigger = (CronTrigger) scheduler.getTrigger(FULL);

        assertThat(scheduler.isStarted()).isTrue();
        assertThat(trigger.getCronExpression()).isEqualTo("0 30 3 * * ?");
        assertThat(trigger.getTimeZone()).isEqualTo(TimeZone.getTimeZone("Europe/Berlin"));
        assertThat(trigger.getMisfireInstruction()).isEqualTo(CronTrigger.MISFIRE_INSTRUCTION_FIRE_ONCE_NOW);
        assertThat(scheduler.getTrigger(new TriggerKey(Schedule.RECOVERY, Schedule.GROUP)))
                .isInstanceOfSatisfying(
                        SimpleTrigger.class,
                        recovery -> assertThat(recovery.getRepeatInterval()).isEqualTo(1000));
    }

    @Test
    void itIsWrittenBetweenTheStartOfAWebServerAndThatOfTheScheduler(@Autowired ConfigurableApplicationContext context)
            throws Exception {
        // The last phase that Spring Boot gives to web servers, which take their ports in it.
        int webServer = SmartLifecycle.DEFAULT_PHASE - 2048;
        Schedule schedule = context.getBean(Schedule.class);
        SchedulerFactoryBean quartz = context.getBean(SchedulerFactoryBean.class);

        assertThat(schedule.getPhase()).isGreaterThan(webServer).isLessThan(quartz.getPhase());
        assertThat(context.getBeanFactory().getDependenciesForBean("schedule")).doesNotContain("quartzScheduler");
    }

    @Test
    void anUnchangedScheduleIsNotRewritten() throws Exception {
        Trigger before = scheduler.getTrigger(FULL);

        schedule("0 30 3 * * ?").start();

        assertThat(scheduler.getTrigger(FULL).getStartTime()).isEqualTo(before.getStartTime());
    }

    @Test
    void aChangedScheduleReplacesTheStoredOne() throws Exception {
        schedule("0 0 5 * * ?").start();
        assertThat(((CronTrigger) scheduler.getTrigger(FULL)).getCronExpression())
                .isEqualTo("0 0 5 * * ?");

        schedule("-").start();
        assertThat(scheduler.getTrigger(FULL)).isNull();

        schedule("0 30 3 * * ?").start();
        assertThat(((CronTrigger) scheduler.getTrigger(FULL)).getCronExpression())
                .isEqualTo("0 30 3 * * ?");
    }

    @ParameterizedTest
    @CsvSource({"America/Santiago, CATCH_UP, PT1S", "Europe/Berlin, SKIP, PT1S", "Europe/Berlin, CATCH_UP, PT5S"})
    void soDoesOneThatDiffersInAnythingElse(ZoneId zone, ScheduleSettings.Misfire misfire, Duration interval)
            throws Exception {
        new Schedule(
                        schedulers,
                        new ScheduleSettings(true, "0 30 3 * * ?", "0 15 * * * ?", zone, misfire, interval),
                        transactions)
                .start();
        CronTrigger full = (CronTrigger) scheduler.getTrigger(FULL);
        SimpleTrigger look = (SimpleTrigger) scheduler.getTrigger(new TriggerKey(Schedule.RECOVERY, Schedule.GROUP));
        schedule("0 30 3 * * ?").start();

        assertThat(full.getTimeZone()).isEqualTo(TimeZone.getTimeZone(zone));
        assertThat(full.getMisfireInstruction())
                .isEqualTo(
                        misfire == ScheduleSettings.Misfire.SKIP
                                ? CronTrigger.MISFIRE_INSTRUCTION_DO_NOTHING
                                : CronTrigger.MISFIRE_INSTRUCTION_FIRE_ONCE_NOW);
        assertThat(look.getRepeatInterval()).isEqualTo(interval.toMillis());
    }

    @Test
    void whatAClockThatWasAheadPutOffIsPutBack() throws Exception {
        TriggerKey refresh = new TriggerKey(Schedule.REFRESH, Schedule.GROUP);
        Date full = scheduler.getTrigger(FULL).getNextFireTime();
        Date hourly = scheduler.getTrigger(refresh).getNextFireTime();
        // As a server leaves it that fired all of it with a clock two days ahead, or wrote it first.
        jdbc.sql("""
                        update qrtz_triggers
                        set next_fire_time = next_fire_time + :ahead, start_time = start_time + :ahead
                        where trigger_group = 'luna'
                        """).param("ahead", Duration.ofDays(2).toMillis()).update();

        schedule("0 30 3 * * ?").start();

        assertThat(scheduler.getTrigger(FULL).getNextFireTime()).isEqualTo(full);
        assertThat(scheduler.getTrigger(refresh).getNextFireTime()).isEqualTo(hourly);
        assertThat(scheduler
                        .getTrigger(new TriggerKey(Schedule.RECOVERY, Schedule.GROUP))
                        .getNextFireTime())
                .isBefore(Instant.now().plus(1, ChronoUnit.DAYS));
    }

    @Test
    void theTriggerStartsARunAndARefusalIsNoError() throws Exception {
        scheduler.triggerJob(new JobKey(Schedule.FULL, Schedule.GROUP));
        person();
        while (runs.list(null, 1).isEmpty()) {
            scheduler.triggerJob(new JobKey(Schedule.FULL, Schedule.GROUP));
            Thread.sleep(50);
        }

        Run run = runs.await(runs.list(null, 1).get(0).id(), progress -> {});

        assertThat(run.requestedBy()).isEqualTo("schedule");
        assertThat(run.state()).as(run.sentence()).isEqualTo(RunState.COMPLETED);
    }

    @Test
    void theHourlyRefreshIsKeptToo() throws Exception {
        CronTrigger trigger = (CronTrigger) scheduler.getTrigger(new TriggerKey(Schedule.REFRESH, Schedule.GROUP));

        assertThat(trigger.getCronExpression()).isEqualTo("0 15 * * * ?");
        assertThat(trigger.getTimeZone()).isEqualTo(TimeZone.getTimeZone("Europe/Berlin"));
    }

    @Test
    void twoProcessesAtOneTickStartOneRun() throws Exception {
        person();
        Instant tick = Instant.parse("2030-01-31T02:00:00Z");

        Run run = runs.await(runs.startScheduled(RunKind.FULL, tick).run().id(), progress -> {});

        assertThat(run.scheduledFor()).isEqualTo(tick);
        assertThatThrownBy(() -> runs.startScheduled(RunKind.FULL, tick))
                .isInstanceOf(RunRefusedException.class)
                .hasMessageContaining("The full run of 2030-01-31T02:00:00Z was started by another process");
        assertThat(runs.list(null, 10)).hasSize(1);
    }

    @Test
    void ofTwoServersWithTheirSchedulersOneStartsTheRunOfATick() throws Exception {
        person();
        Process other = OtherProcess.scheduleInOwnJvm(
                environment,
                "luna.schedule.enabled=true",
                "luna.schedule.full-cron=0 30 3 * * ?",
                "luna.schedule.refresh-cron=0 15 * * * ?",
                "luna.schedule.time-zone=Europe/Berlin",
                "luna.schedule.recovery-interval=1s");
        try {
            while (jdbc.sql("select count(*) from qrtz_scheduler_state")
                            .query(Long.class)
                            .single()
                    < 2) {
                Thread.sleep(50);
            }
            for (int n = 0; n < 3; n++) {
                Instant tick = Instant.now().truncatedTo(ChronoUnit.SECONDS).plusSeconds(2);
                scheduler.scheduleJob(TriggerBuilder.newTrigger()
                        .withIdentity("once")
                        .forJob(Schedule.FULL, Schedule.GROUP)
                        .startAt(Date.from(tick))
                        .build());

                while (scheduler.checkExists(new TriggerKey("once"))
                        || runs.list(null, 1).isEmpty()
                        || !tick.equals(runs.list(null, 1).get(0).scheduledFor())) {
                    Thread.sleep(20);
                }
                Run run = runs.await(runs.list(null, 1).get(0).id(), progress -> {});

                assertThat(run.state()).as(run.sentence()).isEqualTo(RunState.COMPLETED);
                assertThat(runs.list(null, 10)).hasSize(n + 1);
            }
        } finally {
            other.destroyForcibly().waitFor();
        }
    }

    @Test
    void theRecoveryTickResumesARunWhoseProcessDied() throws Exception {
        person();
        // As a process leaves it that dies right after it started the run.
        long id = jdbc.sql("""
                        insert into run (kind, requested_by, profile, settings)
                        values ('full', 'ada', cast(:profile as jsonb), cast(:settings as jsonb)) returning id
                        """)
                .param("profile", """
                        {"spatial_weight": 0.4, "preference_weight": 0.4, "popularity_weight": 0.2, "decay_per_km": 0.3,
                         "preference_per_like": 0.5, "preference_dwell_seconds": 300, "preference_cap": 1,
                         "base_weight": 0.6, "direct_weight": 0.25, "category_weight": 0.15,
                         "category_per_like": 0.3, "category_dwell_seconds": 600, "category_cap": 1,
                         "positive_types": ["like"]}
                        """)
                .param("settings", """
                        {"venues_per_user": 50, "companions_per_user": 20, "companion_venues": 10,
                         "companions_per_venue": 10, "block_users": 512, "chunk_users": 4096, "min_partitions": 2}
                        """)
                .query(Long.class)
                .single();
        jdbc.sql("select create_run_storage(:id)").param("id", id).query().listOfRows();
        jdbc.sql("""
                        update run_lease
                        set token = token + 1, run_id = :id, owner = 'gone:1', acquired_at = now() - interval '1 minute',
                            expires_at = now() - interval '1 second'
                        """).param("id", id).update();

        Eventually.holds("it has ended", () -> runs.get(id).state() != RunState.RUNNING);

        assertThat(runs.get(id).state()).as(runs.get(id).sentence()).isEqualTo(RunState.COMPLETED);
    }

    private Schedule schedule(String cron) {
        return new Schedule(
                schedulers,
                new ScheduleSettings(
                        true,
                        cron,
                        "0 15 * * * ?",
                        ZoneId.of("Europe/Berlin"),
                        ScheduleSettings.Misfire.CATCH_UP,
                        Duration.ofSeconds(1)),
                transactions);
    }

    private void person() {
        jdbc.sql("insert into users (handle, name) values ('ada', 'Ada')").update();
        jdbc.sql("insert into venues (name, lat, lng) values ('Café', 48.1, 11.5)")
                .update();
    }
}
