package dev.luna.batch.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.TimeZone;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.quartz.CronTrigger;
import org.quartz.JobKey;
import org.quartz.Scheduler;
import org.quartz.SimpleTrigger;
import org.quartz.Trigger;
import org.quartz.TriggerKey;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.quartz.autoconfigure.QuartzProperties;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.scheduling.quartz.SchedulerFactoryBean;
import org.springframework.transaction.PlatformTransactionManager;

/** What is written of the schedule, and when. */
class ScheduleIT extends Scheduling {

    private static final TriggerKey FULL = new TriggerKey(Schedule.FULL, Schedule.GROUP);

    @Autowired
    private ObjectProvider<Scheduler> schedulers;

    @Autowired
    private PlatformTransactionManager transactions;

    @Test
    void theNightlyRunIsKeptInTheDatabaseWithItsZone() throws Exception {
        CronTrigger trigger = (CronTrigger) scheduler.getTrigger(FULL);

        assertThat(scheduler.isStarted()).isTrue();
        assertThat(trigger.getCronExpression()).isEqualTo(NIGHTLY);
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
    void whatItIsAtIsWaitedForAtTheEnd(@Autowired QuartzProperties quartz) {
        assertThat(quartz.isWaitForJobsToCompleteOnShutdown()).isTrue();
    }

    @Test
    void anUnchangedScheduleIsNotRewritten() throws Exception {
        Trigger before = scheduler.getTrigger(FULL);

        schedule(NIGHTLY).start();

        assertThat(scheduler.getTrigger(FULL).getStartTime()).isEqualTo(before.getStartTime());
    }

    @Test
    void aChangedScheduleReplacesTheStoredOne() throws Exception {
        schedule("0 0 5 * * ? 2099").start();
        assertThat(((CronTrigger) scheduler.getTrigger(FULL)).getCronExpression())
                .isEqualTo("0 0 5 * * ? 2099");

        schedule("-").start();
        assertThat(scheduler.getTrigger(FULL)).isNull();

        schedule(NIGHTLY).start();
        assertThat(((CronTrigger) scheduler.getTrigger(FULL)).getCronExpression())
                .isEqualTo(NIGHTLY);
    }

    @ParameterizedTest
    @CsvSource({"America/Santiago, CATCH_UP, PT1S", "Europe/Berlin, SKIP, PT1S", "Europe/Berlin, CATCH_UP, PT5S"})
    void aScheduleThatDiffersInAnythingReplacesTheStoredOne(
            ZoneId zone, ScheduleSettings.Misfire misfire, Duration interval) throws Exception {
        new Schedule(schedulers, new ScheduleSettings(true, NIGHTLY, HOURLY, zone, misfire, interval), transactions)
                .start();
        CronTrigger full = (CronTrigger) scheduler.getTrigger(FULL);
        SimpleTrigger look = (SimpleTrigger) scheduler.getTrigger(new TriggerKey(Schedule.RECOVERY, Schedule.GROUP));
        schedule(NIGHTLY).start();

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

        schedule(NIGHTLY).start();

        assertThat(scheduler.getTrigger(FULL).getNextFireTime()).isEqualTo(full);
        assertThat(scheduler.getTrigger(refresh).getNextFireTime()).isEqualTo(hourly);
        assertThat(scheduler
                        .getTrigger(new TriggerKey(Schedule.RECOVERY, Schedule.GROUP))
                        .getNextFireTime())
                .isBefore(Instant.now().plus(1, ChronoUnit.DAYS));
    }

    @Test
    void whatAProcessWithoutTheJobGaveUpGoesOn() throws Exception {
        // As the scheduler of a program leaves a trigger whose job that program does not have.
        jdbc.sql("update qrtz_triggers set trigger_state = 'ERROR' where trigger_name = 'full'")
                .update();

        schedule(NIGHTLY).start();

        assertThat(scheduler.getTriggerState(FULL)).isEqualTo(Trigger.TriggerState.NORMAL);
    }

    /** Also where an earlier program wrote the job without it. */
    @ParameterizedTest
    @CsvSource({"CATCH_UP, true", "SKIP, false"})
    void aTickWhoseProcessDiesIsMadeUpForAsOneThatNobodySawIs(ScheduleSettings.Misfire misfire, boolean isMadeUpFor)
            throws Exception {
        jdbc.sql("update qrtz_job_details set requests_recovery = :other where job_name in ('full', 'refresh')")
                .param("other", !isMadeUpFor)
                .update();

        new Schedule(
                        schedulers,
                        new ScheduleSettings(
                                true, NIGHTLY, HOURLY, ZoneId.of("Europe/Berlin"), misfire, Duration.ofSeconds(1)),
                        transactions)
                .start();
        boolean full = scheduler
                .getJobDetail(new JobKey(Schedule.FULL, Schedule.GROUP))
                .requestsRecovery();
        boolean refresh = scheduler
                .getJobDetail(new JobKey(Schedule.REFRESH, Schedule.GROUP))
                .requestsRecovery();
        schedule(NIGHTLY).start();

        assertThat(full).isEqualTo(isMadeUpFor);
        assertThat(refresh).isEqualTo(isMadeUpFor);
    }

    @Test
    void theHourlyRefreshIsKeptToo() throws Exception {
        CronTrigger trigger = (CronTrigger) scheduler.getTrigger(new TriggerKey(Schedule.REFRESH, Schedule.GROUP));

        assertThat(trigger.getCronExpression()).isEqualTo(HOURLY);
        assertThat(trigger.getTimeZone()).isEqualTo(TimeZone.getTimeZone("Europe/Berlin"));
    }

    private Schedule schedule(String cron) {
        return new Schedule(
                schedulers,
                new ScheduleSettings(
                        true,
                        cron,
                        HOURLY,
                        ZoneId.of("Europe/Berlin"),
                        ScheduleSettings.Misfire.CATCH_UP,
                        Duration.ofSeconds(1)),
                transactions);
    }
}
