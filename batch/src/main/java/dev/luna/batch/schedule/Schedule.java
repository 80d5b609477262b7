package dev.luna.batch.schedule;

import java.util.Set;
import java.util.TimeZone;
import org.quartz.CronScheduleBuilder;
import org.quartz.CronTrigger;
import org.quartz.Job;
import org.quartz.JobBuilder;
import org.quartz.JobKey;
import org.quartz.ObjectAlreadyExistsException;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.SimpleScheduleBuilder;
import org.quartz.SimpleTrigger;
import org.quartz.Trigger;
import org.quartz.TriggerBuilder;
import org.quartz.TriggerKey;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.stereotype.Component;

/**
 * Brings the schedule in the database in line with the settings, before the scheduler starts.
 *
 * <p>A trigger that is as it should be is left alone: rewriting it at every start can make one tick fire twice when several
 * processes share the schedule.
 */
@Component
@ConditionalOnProperty("luna.schedule.enabled")
class Schedule implements SmartInitializingSingleton {

    static final String GROUP = "luna";
    static final String FULL = "full";
    static final String REFRESH = "refresh";
    static final String RECOVERY = "recovery";

    private final Scheduler scheduler;
    private final ScheduleSettings settings;

    Schedule(Scheduler scheduler, ScheduleSettings settings) {
        this.scheduler = scheduler;
        this.settings = settings;
    }

    @Override
    public void afterSingletonsInstantiated() {
        try {
            keepRuns(FullRunJob.class, FULL, settings.fullCron());
            keepRuns(RefreshRunJob.class, REFRESH, settings.refreshCron());
            keep(RecoveryJob.class, RECOVERY, recoveryTrigger());
        } catch (SchedulerException e) {
            throw new IllegalStateException("Could not write the schedule to the database: " + e.getMessage(), e);
        }
    }

    private void keepRuns(Class<? extends Job> job, String name, String cron) throws SchedulerException {
        if (cron.equals(ScheduleSettings.NEVER)) {
            scheduler.deleteJob(new JobKey(name, GROUP));
        } else {
            keep(job, name, cronTrigger(name, cron));
        }
    }

    private void keep(Class<? extends Job> job, String name, Trigger wanted) throws SchedulerException {
        Trigger stored = scheduler.getTrigger(wanted.getKey());
        if (stored == null) {
            try {
                scheduler.scheduleJob(
                        JobBuilder.newJob(job).withIdentity(name, GROUP).build(), Set.of(wanted), true);
            } catch (ObjectAlreadyExistsException e) {
                // Another process wrote the same schedule at the same moment.
                return;
            }
        } else if (!isSame(stored, wanted)) {
            scheduler.rescheduleJob(wanted.getKey(), wanted);
        }
    }

    private Trigger cronTrigger(String name, String expression) {
        CronScheduleBuilder cron =
                CronScheduleBuilder.cronSchedule(expression).inTimeZone(TimeZone.getTimeZone(settings.timeZone()));
        return TriggerBuilder.newTrigger()
                .withIdentity(new TriggerKey(name, GROUP))
                .withSchedule(
                        settings.misfire() == ScheduleSettings.Misfire.CATCH_UP
                                ? cron.withMisfireHandlingInstructionFireAndProceed()
                                : cron.withMisfireHandlingInstructionDoNothing())
                .build();
    }

    private Trigger recoveryTrigger() {
        long millis = settings.recoveryInterval().toMillis();
        return TriggerBuilder.newTrigger()
                .withIdentity(new TriggerKey(RECOVERY, GROUP))
                .withSchedule(SimpleScheduleBuilder.simpleSchedule()
                        .withIntervalInMilliseconds(millis)
                        .repeatForever()
                        .withMisfireHandlingInstructionNextWithRemainingCount())
                .build();
    }

    private static boolean isSame(Trigger stored, Trigger wanted) {
        if (stored.getMisfireInstruction() != wanted.getMisfireInstruction()) {
            return false;
        }
        if (stored instanceof CronTrigger before && wanted instanceof CronTrigger after) {
            return before.getCronExpression().equals(after.getCronExpression())
                    && before.getTimeZone().hasSameRules(after.getTimeZone());
        }
        return stored instanceof SimpleTrigger before
                && wanted instanceof SimpleTrigger after
                && before.getRepeatInterval() == after.getRepeatInterval();
    }
}
