package dev.luna.api.bookings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.luna.api.plans.Evening;
import dev.luna.api.web.Http;
import dev.luna.api.web.ServerTest;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;

/** More clients than the server has threads, and a provider that keeps all of them waiting. Two of eight threads may. */
class HangingProviderIT extends ServerTest {

    private static final FakeProvider PROVIDER = new FakeProvider();
    private static final int CLIENTS = 12;
    private static final int WAITING = 2;

    @Autowired
    private BookingSweep sweep;

    private final ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
    private final CompletionService<Http.Answer> answers = new ExecutorCompletionService<>(threads);
    private final List<String> plans = new ArrayList<>();

    @DynamicPropertySource
    static void hangingProvider(DynamicPropertyRegistry settings) {
        settings.add("server.tomcat.threads.max", () -> "8");
        PROVIDER.configure(settings, "30s", 2);
    }

    @BeforeEach
    void plans() {
        PROVIDER.reset();
        Evening evening = new Evening(http);
        String ada = evening.user("ada");
        for (int i = 0; i < CLIENTS; i++) {
            plans.add("/plans/" + evening.plan(ada));
        }
    }

    @AfterEach
    void endClients() {
        threads.shutdownNow();
    }

    @Test
    void aConfirmationWithoutRoomToWaitIsLeftToTheSweep() throws Exception {
        PROVIDER.behave(FakeProvider.Manner.SLOW);

        plans.forEach(plan -> answers.submit(() -> http.post(plan + "/confirm", "")));

        assertThat(nextAnswers(CLIENTS - WAITING)).containsOnly(202);
        assertThat(http.get(plans.get(0)).status()).isEqualTo(200);
        PROVIDER.awaitCalls(WAITING);
        // Nobody asked for them yet, so their rests begin with the shortest.
        assertThat(count("bookings where attempts = 0 and claimed_until is null"))
                .isEqualTo(CLIENTS - WAITING);
        // Each of the two has its answer with the second attempt.
        PROVIDER.behave(FakeProvider.Manner.CONFIRM);
        assertThat(nextAnswers(WAITING)).containsOnly(200);
        assertThat(PROVIDER.held()).hasSize(WAITING);
        // Due at once: nothing was asked yet.
        sweep.run();
        assertThat(PROVIDER.held()).hasSize(CLIENTS);
        assertThat(count("plans where status = 'confirmed'")).isEqualTo(CLIENTS);
    }

    @Test
    void aCancellationWithoutRoomToWaitIsLeftToTheSweep() throws Exception {
        plans.forEach(plan -> http.post(plan + "/confirm", ""));
        PROVIDER.behave(FakeProvider.Manner.SLOW);

        plans.forEach(plan -> answers.submit(() -> http.post(plan + "/cancel", "")));

        assertThat(nextAnswers(CLIENTS - WAITING)).containsOnly(200);
        assertThat(http.get(plans.get(0)).status()).isEqualTo(200);
        PROVIDER.awaitCalls(WAITING);
        PROVIDER.behave(FakeProvider.Manner.CONFIRM);
        assertThat(nextAnswers(WAITING)).containsOnly(200);
        sweep.run();
        assertThat(PROVIDER.held()).isEmpty();
        assertThat(count("bookings where status = 'cancelled'")).isEqualTo(CLIENTS);
    }

    @Test
    void whatNobodyWasAskedForIsCancelledAtOnce() throws Exception {
        PROVIDER.behave(FakeProvider.Manner.SLOW);
        for (int i = 0; i < WAITING; i++) {
            String confirm = plans.get(i) + "/confirm";
            answers.submit(() -> http.post(confirm, ""));
        }
        PROVIDER.awaitCalls(WAITING);
        String plan = plans.get(WAITING);
        assertThat(http.post(plan + "/confirm", "").status()).isEqualTo(202);

        assertThat(http.post(plan + "/cancel", "").status()).isEqualTo(200);

        JsonNode booking = http.get(plan + "/booking").json();
        assertThat(booking.path("status").asString()).isEqualTo("cancelled");
        assertThat(booking.at("/history/1/reason").asString())
                .isEqualTo("the plan was cancelled before the provider was asked");
        sweep.run();
        assertThat(PROVIDER.calls())
                .hasSize(WAITING)
                .doesNotContain("book " + booking.path("id").asString());
        assertThat(http.delete(plan).status()).isEqualTo(204);
        PROVIDER.behave(FakeProvider.Manner.CONFIRM);
        assertThat(nextAnswers(WAITING)).containsOnly(200);
    }

    @Test
    void whoWaitsForABookingDoesNotWaitForItsCancellation() throws Exception {
        PROVIDER.behave(FakeProvider.Manner.SLOW);
        String confirm = plans.get(0) + "/confirm";
        answers.submit(() -> http.post(confirm, ""));
        PROVIDER.awaitCalls(1);
        answers.submit(() -> http.post(confirm, ""));
        answers.submit(() -> http.post(confirm, ""));
        // One of the two waits with the first, so there is no room for the other.
        assertThat(nextAnswers(1)).containsOnly(202);

        assertThat(http.post(plans.get(0) + "/cancel", "").status()).isEqualTo(200);

        // The provider is still silent.
        assertThat(nextAnswers(1)).containsOnly(409);
        PROVIDER.behave(FakeProvider.Manner.CONFIRM);
        assertThat(nextAnswers(1)).containsOnly(409);
    }

    @Test
    void aSweepDoesNotWaitWithTheOthersForOneThatIsSilent() throws Exception {
        PROVIDER.behave(FakeProvider.Manner.BROKEN);
        plans.forEach(plan -> http.post(plan + "/confirm", ""));
        jdbc.sql("update bookings set next_attempt_at = now()").update();
        PROVIDER.behave(FakeProvider.Manner.SLOW, FakeProvider.Manner.CONFIRM);

        Future<?> swept = threads.submit(sweep::run);

        PROVIDER.awaitCalls(CLIENTS);
        // The silent one has its answer with the second attempt.
        PROVIDER.behave(FakeProvider.Manner.CONFIRM);
        swept.get(15, TimeUnit.SECONDS);
        assertThat(count("plans where status = 'confirmed'")).isEqualTo(CLIENTS);
    }

    /** The provider was not heard to the end. */
    @Test
    void whoIsToldToStopGivesNoOverdueBookingUp(@Autowired Bookings bookings) throws Exception {
        PROVIDER.behave(FakeProvider.Manner.BROKEN);
        JsonNode unanswered = http.post(plans.get(0) + "/confirm", "").json();
        UUID id = UUID.fromString(unanswered.at("/booking/id").asString());
        jdbc.sql("update bookings set created_at = now() - interval '61 minutes'")
                .update();
        PROVIDER.behave(FakeProvider.Manner.SLOW);
        Thread asking = new Thread(() -> bookings.takeUp(id));
        asking.start();
        PROVIDER.awaitCalls(1);

        asking.interrupt();
        asking.join();

        assertThat(count("bookings where status = 'requested' and claimed_until is null"))
                .isOne();
    }

    @Test
    void whoWaitsForTheSameBookingNeedsRoomToo() throws Exception {
        PROVIDER.behave(FakeProvider.Manner.SLOW);

        for (int i = 0; i < CLIENTS; i++) {
            answers.submit(() -> http.post(plans.get(0) + "/confirm", ""));
        }

        assertThat(nextAnswers(CLIENTS - WAITING)).containsOnly(202);
        assertThat(http.get(plans.get(0)).status()).isEqualTo(200);
        PROVIDER.behave(FakeProvider.Manner.CONFIRM);
        nextAnswers(WAITING);
        sweep.run();
        assertThat(PROVIDER.held()).hasSize(1);
        assertThat(count("bookings")).isEqualTo(1);
    }

    @Test
    void aKeyIsClaimedForAsLongAsAConfirmationCanTake() throws Exception {
        PROVIDER.behave(FakeProvider.Manner.SLOW);

        answers.submit(() -> http.send("POST", plans.get(0) + "/confirm", "", "Idempotency-Key", "k-1"));

        PROVIDER.awaitCalls(1);
        // Three attempts of 30 s to book, and as many to cancel if that is wished meanwhile.
        assertThat(jdbc.sql("select extract(epoch from claimed_until - created_at) from idempotency_key")
                        .query(Integer.class)
                        .single())
                .isBetween(181, 240);
        PROVIDER.behave(FakeProvider.Manner.CONFIRM);
        assertThat(nextAnswers(1)).containsOnly(200);
    }

    private List<Integer> nextAnswers(int count) throws Exception {
        List<Integer> statuses = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Future<Http.Answer> next = answers.poll(15, TimeUnit.SECONDS);
            assertThat(next).as("answer %d of %d", i + 1, count).isNotNull();
            statuses.add(next.get().status());
        }
        return statuses;
    }

    private long count(String rows) {
        return jdbc.sql("select count(*) from " + rows).query(Long.class).single();
    }
}
