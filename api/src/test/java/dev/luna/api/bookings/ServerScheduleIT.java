package dev.luna.api.bookings;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.quartz.Job;
import org.quartz.Scheduler;
import org.quartz.SimpleTrigger;
import org.quartz.TriggerKey;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.AutowireCapableBeanFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** What a server does by itself from time to time: it sweeps bookings, and forgets keys. */
class ServerScheduleIT extends ProviderTest {

    @Autowired
    private Scheduler scheduler;

    @Autowired
    private AutowireCapableBeanFactory beans;

    /** The schedule is written, but nothing of it happens by itself. */
    @DynamicPropertySource
    static void writtenSchedule(DynamicPropertyRegistry settings) {
        settings.add("luna.schedule.enabled", () -> "true");
        settings.add("spring.quartz.auto-startup", () -> "false");
    }

    @Test
    void quartzSweepsEveryTenSeconds() throws Exception {
        PROVIDER.behave(FakeProvider.Manner.DROP_AFTER_BOOKING);
        http.post(plan + "/confirm", "");
        PROVIDER.behave(FakeProvider.Manner.CONFIRM);
        jdbc.sql("update bookings set next_attempt_at = now()").update();

        SimpleTrigger trigger = (SimpleTrigger) scheduler.getTrigger(new TriggerKey("booking-sweep", "luna"));
        runAsQuartzDoes(trigger);

        assertThat(trigger.getRepeatInterval()).isEqualTo(10_000);
        assertThat(history()).containsExactly("requested", "confirmed");
    }

    @Test
    void quartzForgetsKeysOfMoreThanADayEveryHour() throws Exception {
        http.send("POST", plan + "/confirm", "", "Idempotency-Key", "old");
        jdbc.sql("update idempotency_key set created_at = now() - interval '25 hours'")
                .update();
        http.send("POST", plan + "/confirm", "", "Idempotency-Key", "new");

        SimpleTrigger trigger = (SimpleTrigger) scheduler.getTrigger(new TriggerKey("idempotency-key-purge", "luna"));
        runAsQuartzDoes(trigger);

        assertThat(trigger.getRepeatInterval()).isEqualTo(Duration.ofHours(1).toMillis());
        assertThat(jdbc.sql("select key from idempotency_key")
                        .query(String.class)
                        .list())
                .containsExactly("new");
    }

    @ParameterizedTest
    @ValueSource(strings = {"booking-sweep", "idempotency-key-purge"})
    void whatAClockAheadPutOffIsPutBack(String trigger, @Autowired @Qualifier("schedule") SmartLifecycle schedule)
            throws Exception {
        jdbc.sql("update qrtz_triggers set next_fire_time = next_fire_time + :ahead where trigger_name = :trigger")
                .param("ahead", Duration.ofDays(2).toMillis())
                .param("trigger", trigger)
                .update();

        schedule.start();

        assertThat(scheduler.getTrigger(new TriggerKey(trigger, "luna")).getNextFireTime())
                .isBefore(Instant.now().plus(Duration.ofDays(1)));
    }

    private void runAsQuartzDoes(SimpleTrigger trigger) throws Exception {
        Class<? extends Job> job = scheduler.getJobDetail(trigger.getJobKey()).getJobClass();
        beans.createBean(job).execute(null);
    }
}
