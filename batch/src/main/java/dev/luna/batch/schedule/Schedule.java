package dev.luna.batch.schedule;

import java.util.Set;
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
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Brings the schedule in the database in line with the settings, before the scheduler starts and after all else has: others
 * share it, and a process that fails to start, such as a server whose port is taken, leaves it as it is.
 *
 * <p>A trigger that is as it should be is left alone: rewriting it at every start can make one tick fire twice when several
 * processes share the schedule.
 */
@Component
@ConditionalOnProperty("luna.schedule.enabled")
class Schedule implements SmartLifecycle {

    static final String GROUP = "luna";
    static final String FULL = "full";
    static final String REFRESH = "refresh";
    static final String RECOVERY = "recovery";

    /** No dependency in Spring's eyes: it starts those before the bean that has them, whatever the phases. */
    private final ObjectProvider<Scheduler> schedulers;

    private final ScheduleSettings settings;
    private volatile boolean written;

    Schedule(ObjectProvider<Scheduler> schedulers, ScheduleSettings settings) {
        this.schedulers = schedulers;
        this.settings = settings;
    }

    /** Web servers start thousands of phases earlier, the scheduler in the last one. */
    @Override
    public int getPhase() {
        return DEFAULT_PHASE - 1;
    }

    @Override
    public void start() {
        Scheduler scheduler = schedulers.getObject();
        try {
            keepRuns(scheduler, FullRunJob.class, FULL, settings.fullCron());
            keepRuns(scheduler, RefreshRunJob.class, REFRESH, settings.refreshCron());
            keep(scheduler, RecoveryJob.class, RECOVERY, recoveryTrigger());
        } catch (SchedulerException e) {
            throw new IllegalStateException("Could not write the schedule to the database: " + e.getMessage(), e);
        }
        written = true;
    }

    /** What is written stays. */
    @Override
    public void stop() {
        written = false;
    }

    @Override
    public boolean isRunning() {
        return written;
    }

    private void keepRuns(Scheduler scheduler, Class<? extends Job> job, String name, String cron)
            throws SchedulerException {
        if (cron.equals(ScheduleSettings.NEVER)) {
            scheduler.deleteJob(new JobKey(name, GROUP));
        } else {
            keep(scheduler, job, name, cronTrigger(name, cron));
        }
    }

    private static void keep(Scheduler scheduler, Class<? extends Job> job, String name, Trigger wanted)
            throws SchedulerException {
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
        CronScheduleBuilder cron = CronScheduleBuilder.cronSchedule(expression)
                .inTimeZone(ScheduleSettings.timeZoneOf(settings.timeZone()));
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
