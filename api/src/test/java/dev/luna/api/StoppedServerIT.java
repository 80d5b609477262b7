package dev.luna.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.luna.api.bookings.FakeProvider;
import dev.luna.api.plans.Evening;
import dev.luna.api.web.Http;
import dev.luna.batch.database.TestDatabase;
import org.junit.jupiter.api.Test;
import org.quartz.JobKey;
import org.quartz.Scheduler;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** A server with its schedule, stopped while it is at work. */
class StoppedServerIT {

    private static final TestDatabase DATABASE = TestDatabase.migrated();

    /** Of a sweep. */
    private static final int AT_ONCE = 16;

    private static final int BOOKINGS = AT_ONCE + 2;

    private final FakeProvider provider = new FakeProvider();

    @Test
    void aServerThatStopsDoesNotWaitForAProviderThatIsSilent() throws Exception {
        ConfigurableApplicationContext server = server();
        Http http = new Http(server.getEnvironment().getRequiredProperty("local.server.port", Integer.class));
        Evening evening = new Evening(http);
        String ada = evening.user("ada");
        provider.behave(FakeProvider.Manner.BROKEN);
        for (int i = 0; i < BOOKINGS; i++) {
            assertThat(http.post("/plans/" + evening.plan(ada) + "/confirm", "").status())
                    .isEqualTo(202);
        }
        provider.behave(FakeProvider.Manner.SLOW);
        provider.calls().clear();
        // So old that one more silence would give them up; but a provider that was not heard to the end was not silent.
        DATABASE.jdbc()
                .sql("update bookings set next_attempt_at = now(), created_at = now() - interval '61 minutes'")
                .update();
        server.getBean(Scheduler.class).triggerJob(new JobKey("booking-sweep", "luna"));
        provider.awaitCalls(AT_ONCE);

        server.close();

        // The calls under way were given up without a second attempt, and the other two bookings were left alone.
        assertThat(provider.calls()).hasSize(AT_ONCE);
        assertThat(DATABASE.jdbc()
                        .sql("select count(*) from bookings where status = 'requested' and claimed_until is null")
                        .query(Long.class)
                        .single())
                .isEqualTo(BOOKINGS);
    }

    private ConfigurableApplicationContext server() {
        return new SpringApplicationBuilder(LunaApi.class)
                .run(
                        "--server.port=0",
                        "--spring.datasource.url=" + DATABASE.url(),
                        "--spring.datasource.username=" + DATABASE.username(),
                        "--spring.datasource.password=" + DATABASE.password(),
                        "--luna.reco.warm-up=0s",
                        "--luna.schedule.full-cron=-",
                        "--luna.schedule.refresh-cron=-",
                        "--luna.booking.provider=http",
                        "--luna.booking.http.url=" + provider.url(),
                        "--luna.booking.http.secret=" + FakeProvider.SECRET,
                        "--luna.booking.http.timeout=30s",
                        "--luna.booking.http.retries=1",
                        "--luna.booking.http.backoff=10ms");
    }
}
