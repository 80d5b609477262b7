package dev.luna.batch.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.luna.batch.run.Eventually;
import dev.luna.batch.run.OtherProcess;
import dev.luna.batch.run.Run;
import dev.luna.batch.run.RunFilter;
import dev.luna.batch.run.RunKind;
import dev.luna.batch.run.RunRefusedException;
import dev.luna.batch.run.RunState;
import dev.luna.batch.run.Runs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quartz.Job;
import org.quartz.JobBuilder;
import org.quartz.JobExecutionContext;
import org.quartz.JobExecutionException;
import org.quartz.JobKey;
import org.quartz.JobListener;
import org.quartz.SimpleScheduleBuilder;
import org.quartz.TriggerBuilder;
import org.quartz.impl.matchers.KeyMatcher;
import org.quartz.listeners.JobListenerSupport;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.env.Environment;

/** What comes of the schedule's ticks. */
class TickIT extends Scheduling {

    @Autowired
    private Runs runs;

    @Autowired
    private Environment environment;

    @Test
    void theTriggerStartsARunAndARefusalIsNoError() throws Exception {
        JobKey full = new JobKey(Schedule.FULL, Schedule.GROUP);
        BlockingQueue<Optional<JobExecutionException>> ends = new LinkedBlockingQueue<>();
        scheduler.getListenerManager().addJobListener(listener(ends), KeyMatcher.keyEquals(full));
        try {
            scheduler.triggerJob(full);
            assertThat(ends.poll(1, TimeUnit.MINUTES)).isEmpty();
            assertThat(runs.list(RunFilter.ALL, null, 1)).isEmpty();

            person();
            scheduler.triggerJob(full);
            assertThat(ends.poll(1, TimeUnit.MINUTES)).isEmpty();
        } finally {
            scheduler.getListenerManager().removeJobListener("ends");
        }

        Run run = runs.await(runs.list(RunFilter.ALL, null, 1).get(0).id(), progress -> {});

        assertThat(run.requestedBy()).isEqualTo("schedule");
        assertThat(run.state()).as(run.sentence()).isEqualTo(RunState.COMPLETED);
    }

    private static JobListener listener(Queue<Optional<JobExecutionException>> ends) {
        return new JobListenerSupport() {
            @Override
            public String getName() {
                return "ends";
            }

            @Override
            public void jobWasExecuted(JobExecutionContext context, JobExecutionException failure) {
                ends.add(Optional.ofNullable(failure));
            }
        };
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
        assertThat(runs.list(RunFilter.ALL, null, 10)).hasSize(1);
    }

    /** Also where one of them cannot resolve its own name, as a container often cannot. */
    @Test
    void ofTwoServersWithTheirSchedulersOneStartsTheRunOfATick(@TempDir Path directory) throws Exception {
        person();
        Process other = otherScheduler(directory);
        try {
            Eventually.holds(
                    "there are two schedulers",
                    () -> jdbc.sql("select count(*) > 1 from qrtz_scheduler_state")
                            .query(Boolean.class)
                            .single());
            for (int n = 0; n < 3; n++) {
                Instant tick = Instant.now().truncatedTo(ChronoUnit.SECONDS).plusSeconds(2);
                scheduler.scheduleJob(TriggerBuilder.newTrigger()
                        .withIdentity("once")
                        .forJob(Schedule.FULL, Schedule.GROUP)
                        .startAt(Date.from(tick))
                        .build());

                Eventually.holds(
                        "the trigger has fired",
                        () -> jdbc.sql("select not exists (select from qrtz_triggers where trigger_name = 'once')")
                                .query(Boolean.class)
                                .single());
                Eventually.holds(
                        "its run has begun",
                        () -> runs.list(RunFilter.ALL, null, 1).stream()
                                .anyMatch(run -> tick.equals(run.scheduledFor())));
                Run run = runs.await(runs.list(RunFilter.ALL, null, 1).get(0).id(), progress -> {});

                assertThat(run.state()).as(run.sentence()).isEqualTo(RunState.COMPLETED);
                assertThat(runs.list(RunFilter.ALL, null, 10)).hasSize(n + 1);
            }
        } finally {
            other.destroyForcibly().waitFor();
        }
    }

    /** As a process leaves it that is killed while its full run waits a refresh out. */
    @Test
    void aTickWhoseProcessDiedBeforeItsRunBeganIsMadeUpFor() throws Exception {
        person();
        Instant tick = Instant.parse("2020-01-31T02:00:00Z");
        jdbc.sql("""
                        insert into qrtz_fired_triggers (sched_name, entry_id, trigger_name, trigger_group, instance_name,
                                                         fired_time, sched_time, priority, state, job_name, job_group,
                                                         is_nonconcurrent, requests_recovery)
                        select 'luna', 'gone-1', 'full', 'luna', 'gone', :tick, :tick, 5, 'EXECUTING', job_name, job_group,
                               is_nonconcurrent, requests_recovery
                        from qrtz_job_details where job_name = 'full' and job_group = 'luna'
                        """).param("tick", tick.toEpochMilli()).update();
        jdbc.sql("insert into qrtz_scheduler_state (sched_name, instance_name, last_checkin_time, checkin_interval)"
                        + " values ('luna', 'gone', 0, 5000)")
                .update();

        Eventually.holds(
                "its run has begun",
                () -> runs.list(RunFilter.ALL, null, 1).stream().anyMatch(run -> tick.equals(run.scheduledFor())));
        Run run = runs.await(runs.list(RunFilter.ALL, null, 1).get(0).id(), progress -> {});

        assertThat(run.state()).as(run.sentence()).isEqualTo(RunState.COMPLETED);
    }

    /** As at a deployment in the night. */
    @Test
    void aTickWhoseProcessIsToldToEndBeforeItsRunBeganIsMadeUpFor(@TempDir Path directory) throws Exception {
        person();
        Run before = runs.await(runs.start(RunKind.FULL, "ada").id(), progress -> {});
        Instant tick = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        scheduler.standby();
        try {
            refreshElsewhere(before.id());
            scheduler.scheduleJob(TriggerBuilder.newTrigger()
                    .forJob(Schedule.FULL, Schedule.GROUP)
                    .startAt(Date.from(tick))
                    .withSchedule(SimpleScheduleBuilder.simpleSchedule().withMisfireHandlingInstructionIgnoreMisfires())
                    .build());
            Process other = otherScheduler(directory);
            try {
                Eventually.holds(
                        "its tick waits for the refresh",
                        () -> jdbc.sql(
                                        "select count(*) > 0 from qrtz_fired_triggers where job_name = 'full' and state = 'EXECUTING'")
                                .query(Boolean.class)
                                .single());
                other.destroy();
                other.waitFor();
            } finally {
                other.destroyForcibly().waitFor();
            }
            jdbc.sql("update run_lease set run_id = null, owner = null, acquired_at = null, expires_at = null")
                    .update();
            jdbc.sql("delete from run where kind = 'refresh'").update();
        } finally {
            scheduler.start();
        }

        Eventually.holds(
                "its run has begun",
                () -> runs.list(RunFilter.ALL, null, 1).stream().anyMatch(run -> tick.equals(run.scheduledFor())));
        Run run = runs.await(runs.list(RunFilter.ALL, null, 1).get(0).id(), progress -> {});

        assertThat(run.state()).as(run.sentence()).isEqualTo(RunState.COMPLETED);
    }

    private Process otherScheduler(Path directory) throws IOException {
        return OtherProcess.scheduleInOwnJvm(
                Files.writeString(directory.resolve("hosts"), "127.0.0.1 localhost\n"),
                environment,
                "luna.schedule.enabled=true",
                "luna.schedule.full-cron=" + NIGHTLY,
                "luna.schedule.refresh-cron=" + HOURLY,
                "luna.schedule.time-zone=Europe/Berlin",
                "luna.schedule.recovery-interval=1s");
    }

    private void refreshElsewhere(long base) {
        jdbc.sql("""
                        with refresh as (
                          insert into run (kind, base_run_id, requested_by, profile, settings)
                          select 'refresh', id, 'eve', profile, settings from run where id = :base returning id
                        )
                        update run_lease
                        set token = token + 1, run_id = refresh.id, owner = 'elsewhere:1', acquired_at = now(),
                            duration = interval '1 hour', expires_at = now() + interval '1 hour'
                        from refresh
                        """).param("base", base).update();
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
                         "companions_per_venue": 10, "block_users": 512, "chunk_users": 4096}
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
        Run run = runs.await(id, progress -> {});

        assertThat(run.state()).as(run.sentence()).isEqualTo(RunState.COMPLETED);
    }

    /** As a full run that waits a refresh out and a sweep that waits for its provider do. */
    @Test
    void recoveryTicksWhileTwoJobsTakeLong() throws Exception {
        BlockingQueue<Optional<JobExecutionException>> ends = new LinkedBlockingQueue<>();
        for (String name : List.of("full", "sweep")) {
            scheduler.scheduleJob(
                    JobBuilder.newJob(LongJob.class).withIdentity(name).build(),
                    TriggerBuilder.newTrigger().startNow().build());
        }
        try {
            assertThat(LongJob.BEGUN.await(1, TimeUnit.MINUTES)).isTrue();
            scheduler
                    .getListenerManager()
                    .addJobListener(
                            listener(ends), KeyMatcher.keyEquals(new JobKey(Schedule.RECOVERY, Schedule.GROUP)));

            assertThat(ends.poll(1, TimeUnit.MINUTES)).isEmpty();
        } finally {
            LongJob.MAY_END.countDown();
            scheduler.getListenerManager().removeJobListener("ends");
        }
    }

    static final class LongJob implements Job {

        private static final CountDownLatch BEGUN = new CountDownLatch(2);
        private static final CountDownLatch MAY_END = new CountDownLatch(1);

        @Override
        public void execute(JobExecutionContext context) {
            BEGUN.countDown();
            try {
                MAY_END.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private void person() {
        jdbc.sql("insert into users (handle, name) values ('ada', 'Ada')").update();
        jdbc.sql("insert into venues (name, lat, lng) values ('Café', 48.1, 11.5)")
                .update();
    }
}
