package dev.luna.api.plans;

import static org.assertj.core.api.Assertions.assertThat;

import dev.luna.api.bookings.FakeProvider;
import dev.luna.batch.database.TestDatabase;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * A process is killed (SIGKILL) in the middle of booking or cancelling at a provider; another one goes on. The provider
 * must hold exactly what the plan says. {@code -Dluna.kill.draws=20} draws more often than the build does.
 */
class KilledBookingIT {

    private static final TestDatabase DATABASE = TestDatabase.migrated();
    private static final int DRAWS = Integer.getInteger("luna.kill.draws", 6);
    private static final long SEED = Long.getLong("luna.kill.seed", 7);

    private final FakeProvider provider = new FakeProvider();
    private final MortalProcess.Parts survivor =
            MortalProcess.Parts.of(DATABASE.dataSource(), provider.url(), step -> {});

    @Test
    void theProviderHoldsWhatThePlanSaysWhereverAProcessIsKilled() throws Exception {
        Random dice = new Random(SEED);
        int heldBefore = 0;
        for (int draw = 0; draw < DRAWS; draw++) {
            // Every step at least once when there are as many draws; whether it books or cancels is drawn.
            String step = MortalProcess.STEPS.get(draw % MortalProcess.STEPS.size());
            boolean isCancelled = dice.nextBoolean();
            UUID plan = plan(DATABASE.jdbc());
            if (isCancelled) {
                survivor.confirmations().confirm(plan);
            }

            killAt(step, isCancelled ? "cancel" : "confirm", plan);
            sweepAfterTheClaim();
            // Its client got no answer and repeats the request.
            if (isCancelled) {
                survivor.confirmations().cancel(plan);
            } else {
                survivor.confirmations().confirm(plan);
            }

            String what = "draw %d of seed %d: %s %s".formatted(draw, SEED, isCancelled ? "cancel" : "confirm", step);
            assertThat(status("select status from plans where id = ?", plan))
                    .as(what)
                    .isEqualTo(isCancelled ? "cancelled" : "confirmed");
            assertThat(status("select string_agg(status, ' ') from bookings where plan_id = ?", plan))
                    .as(what)
                    .isEqualTo(isCancelled ? "cancelled" : "confirmed");
            assertThat(provider.held()).as(what).hasSize(heldBefore + (isCancelled ? 0 : 1));
            assertThat(provider.held())
                    .as(what)
                    .containsExactlyInAnyOrderElementsOf(DATABASE.jdbc()
                            .sql("select external_ref from bookings where status = 'confirmed'")
                            .query(String.class)
                            .list());
            heldBefore = provider.held().size();
        }
    }

    @Test
    void aRefusalDoesNotEndWhatAKilledProcessMayHaveBooked() throws Exception {
        UUID plan = plan(DATABASE.jdbc());
        killAt("after call", "confirm", plan);
        provider.behave(FakeProvider.Manner.REFUSE_REQUEST);

        sweepAfterTheClaim();

        assertThat(status("select status from bookings where plan_id = ?", plan))
                .isEqualTo("requested");
        assertThat(provider.held()).hasSize(1);
        provider.behave(FakeProvider.Manner.CONFIRM);
        survivor.confirmations().cancel(plan);
        assertThat(provider.held()).isEmpty();
    }

    /** The dead process's claim lapses, and the sweep comes round. */
    private void sweepAfterTheClaim() {
        DATABASE.jdbc()
                .sql("update bookings set claimed_until = now() - interval '1 s', next_attempt_at = now()")
                .update();
        survivor.bookings().sweep();
    }

    private void killAt(String step, String action, UUID plan) throws IOException, InterruptedException {
        Process process = MortalProcess.start(
                DATABASE.url(),
                DATABASE.username(),
                DATABASE.password(),
                provider.url(),
                action,
                plan.toString(),
                step);
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(out.readLine()).as(step).isEqualTo("reached");
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.waitFor()).isEqualTo(128 + 9);
    }

    /** Ada goes to the bar tomorrow. */
    static UUID plan(JdbcClient jdbc) {
        return jdbc.sql("""
                        with person as (
                          insert into users (handle, name) values (gen_random_uuid()::text, 'Ada') returning id
                        ), place as (
                          insert into venues (name, lat, lng) values ('Bar', 1, 2) returning id
                        ), evening as (
                          insert into plans (organizer_id, venue_id, start_time)
                          select person.id, place.id, now() + interval '1 day' from person, place
                          returning id, organizer_id
                        )
                        insert into plan_participants (plan_id, user_id, status)
                        select id, organizer_id, 'accepted' from evening
                        returning plan_id
                        """).query(UUID.class).single();
    }

    private static String status(String sql, UUID plan) {
        return DATABASE.jdbc().sql(sql).param(plan).query(String.class).single();
    }
}
