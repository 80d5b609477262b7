package dev.luna.batch.schedule;

import java.util.Date;
import java.util.Set;
import org.quartz.CronScheduleBuilder;
import org.quartz.CronTrigger;
import org.quartz.JobBuilder;
import org.quartz.JobDetail;
import org.quartz.JobExecutionContext;
import org.quartz.JobKey;
import org.quartz.ObjectAlreadyExistsException;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.SimpleScheduleBuilder;
import org.quartz.SimpleTrigger;
import org.quartz.Trigger;
import org.quartz.TriggerBuilder;
import org.quartz.TriggerKey;
import org.quartz.impl.matchers.GroupMatcher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Brings the schedule in the database in line with the settings, before the scheduler starts and after all else has: others
 * share it, and a process that fails to start, such as a server whose port is taken, leaves it as it is.
 *
 * <p>A trigger that is as it should be is left alone: rewriting it at every start can make one tick fire twice when several
 * processes share the schedule. It is not as it should be when a clock that was ahead put it off, whoever registered it.
 *
 * <p>All is written in one transaction: without one the scheduler's lock is gone with the statement that takes it, and a trigger
 * replaced while its job ends elsewhere would stay blocked by that for ever.
 */
@Component
class Schedule implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(Schedule.class);

    /** Those of bookings and of keys join it; with the names of the two kinds of runs it is in the API's SQL as well. */
    static final String GROUP = "luna";

    static final String FULL = "full";
    static final String REFRESH = "refresh";
    static final String RECOVERY = "recovery";

    /** No dependency in Spring's eyes: it starts those before the bean that has them, whatever the phases. */
    private final ObjectProvider<Scheduler> schedulers;

    private final ScheduleSettings settings;
    private final TransactionTemplate transaction;
    private volatile boolean written;

    Schedule(ObjectProvider<Scheduler> schedulers, ScheduleSettings settings, PlatformTransactionManager transactions) {
        this.schedulers = schedulers;
        this.settings = settings;
        this.transaction = new TransactionTemplate(transactions);
    }

    @Override
    public boolean isAutoStartup() {
        return settings.enabled();
    }

    /** Web servers start thousands of phases earlier, the scheduler in the last one. */
    @Override
    public int getPhase() {
        return DEFAULT_PHASE - 1;
    }

    @Override
    public void start() {
        Scheduler scheduler = schedulers.getObject();
        transaction.executeWithoutResult(tx -> write(scheduler));
        written = true;
    }

    private void write(Scheduler scheduler) {
        try {
            keepRuns(scheduler, JobBuilder.newJob(FullRunJob.class), FULL, settings.fullCron());
            keepRuns(scheduler, JobBuilder.newJob(RefreshRunJob.class), REFRESH, settings.refreshCron());
            keep(scheduler, JobBuilder.newJob(RecoveryJob.class), RECOVERY, recoveryTrigger());
            for (TriggerKey key : scheduler.getTriggerKeys(GroupMatcher.triggerGroupEquals(GROUP))) {
                putBack(scheduler, key);
                takeUp(scheduler, key);
            }
        } catch (SchedulerException e) {
            throw new IllegalStateException("Could not write the schedule to the database: " + e.getMessage(), e);
        }
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

    private void keepRuns(Scheduler scheduler, JobBuilder job, String name, String cron) throws SchedulerException {
        if (cron.equals(ScheduleSettings.NEVER)) {
            scheduler.deleteJob(new JobKey(name, GROUP));
        } else {
            // A tick has fired while its run waits for another one, and is gone with the process that waits, unless
            // somebody else takes it up. Should the first be alive, one of them starts the run of a tick.
            keep(scheduler, job.requestRecovery(makesUpForMissed()), name, cronTrigger(name, cron));
        }
    }

    private boolean makesUpForMissed() {
        return settings.misfire() == ScheduleSettings.Misfire.CATCH_UP;
    }

    /**
     * A tick that this process could not start its run for before it was told to end fires once more, in whichever is there. Not
     * in this one, whose scheduler is still at work until the run in the way has stopped.
     */
    void leaveToOthers(JobExecutionContext tick) {
        if (!makesUpForMissed()) {
            return;
        }
        Trigger again = TriggerBuilder.newTrigger()
                .forJob(tick.getJobDetail())
                .startAt(tick.getScheduledFireTime())
                .withSchedule(SimpleScheduleBuilder.simpleSchedule().withMisfireHandlingInstructionIgnoreMisfires())
                .build();
        transaction.executeWithoutResult(tx -> {
            try {
                tick.getScheduler().standby();
                tick.getScheduler().scheduleJob(again);
            } catch (SchedulerException e) {
                throw new IllegalStateException("Could not leave a tick to others: " + e.getMessage(), e);
            }
        });
        log.info(
                "This process ends before the {} run of {} began; it is left to the next one",
                tick.getJobDetail().getKey().getName(),
                tick.getScheduledFireTime().toInstant());
    }

    private static void keep(Scheduler scheduler, JobBuilder builder, String name, Trigger wanted)
            throws SchedulerException {
        JobDetail job = builder.withIdentity(name, GROUP).build();
        Trigger stored = scheduler.getTrigger(wanted.getKey());
        if (stored == null) {
            try {
                scheduler.scheduleJob(job, Set.of(wanted), true);
            } catch (ObjectAlreadyExistsException e) {
                log.debug("Another process wrote {} at the same moment", name, e);
            }
            return;
        }
        JobDetail known = scheduler.getJobDetail(job.getKey());
        if (known != null && known.requestsRecovery() != job.requestsRecovery()) {
            scheduler.addJob(job, true, true);
        }
        if (!isSame(stored, wanted)) {
            scheduler.rescheduleJob(wanted.getKey(), wanted);
        }
    }

    /**
     * Makes a trigger due by this process's clock if it is due later than it can be. The process that fires one writes its next
     * time for all of them, so a clock that was ahead puts it off until theirs get there.
     *
     * <p>Only done at a start: a process whose own clock is behind takes what is right for late, which makes a tick come once more.
     */
    private static void putBack(Scheduler scheduler, TriggerKey key) throws SchedulerException {
        Trigger stored = scheduler.getTrigger(key);
        if (stored == null || stored.getNextFireTime() == null) {
            // Another process removed it meanwhile, or it has ended.
            return;
        }
        Trigger fromNow = stored.getTriggerBuilder().startNow().build();
        Date latest = fromNow.getFireTimeAfter(fromNow.getStartTime());
        if (stored.getNextFireTime().after(latest)) {
            log.warn(
                    "The schedule's {} was due at {}, by this clock {} at the latest: a clock was ahead, or this one is behind; it is put back",
                    key.getName(),
                    stored.getNextFireTime().toInstant(),
                    latest.toInstant());
            scheduler.rescheduleJob(key, fromNow);
        }
    }

    /** A scheduler gives a trigger up, for all processes and for good, when it comes to it in a program without its job. */
    private static void takeUp(Scheduler scheduler, TriggerKey key) throws SchedulerException {
        if (scheduler.getTriggerState(key) == Trigger.TriggerState.ERROR) {
            log.warn(
                    "The schedule's {} was given up by a process that could not make its job; it goes on",
                    key.getName());
            scheduler.resetTriggerFromErrorState(key);
        }
    }

    private Trigger cronTrigger(String name, String expression) {
        CronScheduleBuilder cron = CronScheduleBuilder.cronSchedule(expression)
                .inTimeZone(ScheduleSettings.timeZoneOf(settings.timeZone()));
        return TriggerBuilder.newTrigger()
                .withIdentity(new TriggerKey(name, GROUP))
                .withSchedule(
                        makesUpForMissed()
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
