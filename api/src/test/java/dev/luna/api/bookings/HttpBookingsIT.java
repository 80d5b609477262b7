package dev.luna.api.bookings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.luna.api.plans.Evening;
import dev.luna.api.web.Http;
import dev.luna.api.web.ServerTest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
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
import tools.jackson.databind.JsonNode;

/** Bookings at a provider on a real connection. */
class HttpBookingsIT extends ServerTest {

    private static final FakeProvider PROVIDER = new FakeProvider();

    @Autowired
    private BookingSweep sweep;

    @Autowired
    private Scheduler scheduler;

    @Autowired
    private AutowireCapableBeanFactory beans;

    private String plan;

    @DynamicPropertySource
    static void httpProvider(DynamicPropertyRegistry settings) {
        PROVIDER.configure(settings, "400ms", 1);
        // The schedule is written, but nothing of it happens by itself.
        settings.add("luna.schedule.enabled", () -> "true");
        settings.add("spring.quartz.auto-startup", () -> "false");
    }

    @BeforeEach
    void aPlan() {
        PROVIDER.reset();
        Evening evening = new Evening(http);
        plan = "/plans/" + evening.plan(evening.user("ada"), evening.user("bob"));
    }

    @Test
    void aConfirmedPlanHasTheProvidersReference() {
        Http.Answer confirmed = http.post(plan + "/confirm", "");

        assertThat(confirmed.status()).isEqualTo(200);
        assertThat(confirmed.json().at("/booking/provider").asString()).isEqualTo("http");
        assertThat(PROVIDER.held())
                .containsExactly(confirmed.json().at("/booking/external_ref").asString());
        assertThat(PROVIDER.calls())
                .containsExactly("book " + confirmed.json().at("/booking/id").asString());
    }

    @Test
    void aDeclinedPlanStaysPendingAndCanBeConfirmedAgain() {
        PROVIDER.behave(FakeProvider.Manner.DECLINE);

        Http.Answer declined = http.post(plan + "/confirm", "");

        assertThat(declined.status()).isEqualTo(409);
        assertThat(declined.detail()).contains("declined", "fully booked", "pending");
        assertThat(planStatus()).isEqualTo("pending");
        PROVIDER.behave(FakeProvider.Manner.CONFIRM);
        assertThat(http.post(plan + "/confirm", "").status()).isEqualTo(200);
        assertThat(PROVIDER.held()).hasSize(1);
    }

    @Test
    void aRefusedRequestFailsWithoutRetries() {
        PROVIDER.behave(FakeProvider.Manner.REFUSE_REQUEST);

        Http.Answer failed = http.post(plan + "/confirm", "");

        assertThat(failed.status()).isEqualTo(502);
        assertThat(failed.detail()).contains("403", "unknown customer");
        assertThat(history()).containsExactly("requested", "failed");
        assertThat(PROVIDER.calls()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.INCLUDE,
            names = {"SLOW", "DROP_AFTER_BOOKING", "DROP_BEFORE_BOOKING", "GARBAGE", "LENGTHY", "BROKEN", "BUSY"})
    void withoutAClearAnswerTheSweepFinishesWithTheSameKey(FakeProvider.Manner manner) {
        PROVIDER.behave(manner);

        Http.Answer unanswered = http.post(plan + "/confirm", "");

        assertThat(unanswered.status()).isEqualTo(202);
        assertThat(unanswered.json().path("status").asString()).isEqualTo("pending");
        assertThat(unanswered.json().at("/booking/status").asString()).isEqualTo("requested");
        String id = unanswered.json().at("/booking/id").asString();
        assertThat(unanswered.header("Location").orElseThrow()).endsWith("/bookings/" + id);
        assertThat(PROVIDER.calls()).containsExactly("book " + id, "book " + id);

        PROVIDER.behave(FakeProvider.Manner.CONFIRM);
        sweepNow();

        assertThat(history()).containsExactly("requested", "confirmed");
        assertThat(planStatus()).isEqualTo("confirmed");
        assertThat(PROVIDER.held()).hasSize(1);
        assertThat(http.post(plan + "/confirm", "").json().at("/booking/id").asString())
                .isEqualTo(id);
    }

    @Test
    void theSweepLetsAnUnansweredBookingRest() {
        PROVIDER.behave(FakeProvider.Manner.BROKEN);
        http.post(plan + "/confirm", "");
        int calls = PROVIDER.calls().size();

        sweep.run();

        assertThat(PROVIDER.calls()).hasSize(calls);
    }

    @Test
    void quartzSweepsEveryTenSeconds() throws Exception {
        PROVIDER.behave(FakeProvider.Manner.DROP_AFTER_BOOKING);
        http.post(plan + "/confirm", "");
        PROVIDER.behave(FakeProvider.Manner.CONFIRM);
        jdbc.sql("update bookings set next_attempt_at = now()").update();

        SimpleTrigger trigger = (SimpleTrigger) scheduler.getTrigger(new TriggerKey("booking-sweep", "luna"));
        // As Quartz makes and runs it.
        Class<? extends Job> job = scheduler.getJobDetail(trigger.getJobKey()).getJobClass();
        beans.createBean(job).execute(null);

        assertThat(trigger.getRepeatInterval()).isEqualTo(10_000);
        assertThat(history()).containsExactly("requested", "confirmed");
    }

    @Test
    void aSweepThatAClockAheadPutOffIsPutBack(@Autowired @Qualifier("schedule") SmartLifecycle schedule)
            throws Exception {
        jdbc.sql(
                        "update qrtz_triggers set next_fire_time = next_fire_time + :ahead where trigger_name = 'booking-sweep'")
                .param("ahead", Duration.ofDays(2).toMillis())
                .update();

        schedule.start();

        assertThat(scheduler.getTrigger(new TriggerKey("booking-sweep", "luna")).getNextFireTime())
                .isBefore(Instant.now().plus(Duration.ofDays(1)));
    }

    @Test
    void anUnansweredBookingIsTakenBackAfterAWhile() {
        PROVIDER.behave(FakeProvider.Manner.GARBAGE);
        http.post(plan + "/confirm", "");
        jdbc.sql("update bookings set created_at = now() - interval '61 minutes'")
                .update();

        sweepNow();
        assertThat(history()).containsExactly("requested", "cancel_requested");
        assertThat(http.post(plan + "/confirm", "").status()).isEqualTo(409);
        PROVIDER.behave(FakeProvider.Manner.CONFIRM);
        sweepNow();

        assertThat(history()).containsExactly("requested", "cancel_requested", "cancelled");
        assertThat(PROVIDER.held()).isEmpty();
        assertThat(planStatus()).isEqualTo("pending");
        assertThat(http.post(plan + "/confirm", "").status()).isEqualTo(200);
        assertThat(PROVIDER.held()).hasSize(1);
    }

    @Test
    void aCancelledPlanIsCancelledAtTheProviderAsSoonAsItAnswers() {
        http.post(plan + "/confirm", "");
        PROVIDER.behave(FakeProvider.Manner.BROKEN);

        Http.Answer cancelled = http.post(plan + "/cancel", "");

        assertThat(cancelled.json().path("status").asString()).isEqualTo("cancelled");
        assertThat(history()).containsExactly("requested", "confirmed", "cancel_requested");
        assertThat(PROVIDER.held()).hasSize(1);
        assertThat(http.delete(plan).status()).isEqualTo(409);
        PROVIDER.behave(FakeProvider.Manner.CONFIRM);
        sweepNow();
        assertThat(PROVIDER.held()).isEmpty();
        assertThat(history()).endsWith("cancelled");
        assertThat(http.delete(plan).status()).isEqualTo(204);
    }

    @Test
    void ofALengthyAnswerToACancellationTheStatusCounts() {
        http.post(plan + "/confirm", "");
        PROVIDER.behave(FakeProvider.Manner.LENGTHY);

        http.post(plan + "/cancel", "");

        assertThat(history()).containsExactly("requested", "confirmed", "cancel_requested", "cancelled");
    }

    @Test
    void aBookingCancelledBeforeItsAnswerIsLookedUpAndGivenBack() {
        PROVIDER.behave(FakeProvider.Manner.DROP_AFTER_BOOKING);
        http.post(plan + "/confirm", "");
        assertThat(PROVIDER.held()).hasSize(1);
        PROVIDER.behave(FakeProvider.Manner.CONFIRM);

        http.post(plan + "/cancel", "");

        assertThat(PROVIDER.held()).isEmpty();
        assertThat(history()).containsExactly("requested", "cancel_requested", "cancelled");
    }

    @Test
    void aCallbackConfirmsLaterAndMayBeRepeated() {
        String id = later();
        String body = callback(id, "confirmed", PROVIDER.reference(id));

        assertThat(send(body, Instant.now()).status()).isEqualTo(204);
        assertThat(planStatus()).isEqualTo("confirmed");
        assertThat(send(body, Instant.now()).status()).isEqualTo(204);
        assertThat(history()).containsExactly("requested", "confirmed");
    }

    @Test
    void aCallbackDeclinesLaterAndItsOppositeComesTooLate() {
        String id = later();

        assertThat(send(callback(id, "declined", null), Instant.now()).status()).isEqualTo(204);

        assertThat(planStatus()).isEqualTo("pending");
        assertThat(history()).containsExactly("requested", "declined");
        Http.Answer late = send(callback(id, "confirmed", "R-9"), Instant.now());
        assertThat(late.status()).isEqualTo(409);
        assertThat(late.detail()).contains("declined", "Release");
    }

    @Test
    void anAnswerAndACallbackAreOneConfirmationAndAnotherReferenceIsRefused() {
        JsonNode booking = http.post(plan + "/confirm", "").json().path("booking");
        String id = booking.path("id").asString();

        assertThat(send(callback(id, "confirmed", booking.path("external_ref").asString()), Instant.now())
                        .status())
                .isEqualTo(204);
        assertThat(send(callback(id, "confirmed", "R-other"), Instant.now()).status())
                .isEqualTo(409);
        assertThat(http.get("/bookings/" + id).json().path("external_ref")).isEqualTo(booking.path("external_ref"));
        assertThat(history()).containsExactly("requested", "confirmed");
    }

    @Test
    void aConfirmationOfACancelledPlanIsGivenBack() {
        String id = later();
        PROVIDER.behave(FakeProvider.Manner.BROKEN);
        http.post(plan + "/cancel", "");
        PROVIDER.behave(FakeProvider.Manner.CONFIRM);

        assertThat(send(callback(id, "confirmed", PROVIDER.reference(id)), Instant.now())
                        .status())
                .isEqualTo(204);

        assertThat(PROVIDER.held()).isEmpty();
        assertThat(history()).containsExactly("requested", "cancel_requested", "cancelled");
        // What is said again is known; what is said anew would be held for nobody.
        assertThat(send(callback(id, "declined", null), Instant.now()).status()).isEqualTo(204);
        assertThat(send(callback(id, "confirmed", PROVIDER.reference(id)), Instant.now())
                        .status())
                .isEqualTo(204);
        assertThat(send(callback(id, "confirmed", "R-other"), Instant.now()).status())
                .isEqualTo(409);
    }

    @Test
    void onlySignedCallbacksOfNowAreHeard() {
        String id = later();
        String body = callback(id, "confirmed", "R-1");
        String now = Long.toString(Instant.now().getEpochSecond());
        String signature = new Signature(FakeProvider.SECRET).of(Long.parseLong(now), bytes(body));

        assertThat(send(body.replace("R-1", "R-2"), now, signature).status()).isEqualTo(401);
        assertThat(send(body, now, "").status()).isEqualTo(401);
        assertThat(send(body, "", signature).status()).isEqualTo(401);
        assertThat(send(body, now, new Signature("another secret of 16").of(Long.parseLong(now), bytes(body)))
                        .status())
                .isEqualTo(401);
        assertThat(send(body, Instant.now().minusSeconds(400)).status()).isEqualTo(401);
        assertThat(send(body, Instant.now().plusSeconds(400)).status()).isEqualTo(401);
        assertThat(planStatus()).isEqualTo("pending");
        assertThat(send(callback(id, "maybe", null), Instant.now()).status()).isEqualTo(422);
        assertThat(send("{}", Instant.now()).status()).isEqualTo(422);
        assertThat(send("nonsense", Instant.now()).status()).isEqualTo(400);
        assertThat(send(callback(UUID.randomUUID().toString(), "declined", null), Instant.now())
                        .status())
                .isEqualTo(404);
    }

    /** Confirms at a provider that will answer by callback. */
    private String later() {
        PROVIDER.behave(FakeProvider.Manner.LATER);
        Http.Answer answer = http.post(plan + "/confirm", "");
        assertThat(answer.status()).isEqualTo(202);
        return answer.json().at("/booking/id").asString();
    }

    /** As if the pause between attempts had passed. */
    private void sweepNow() {
        jdbc.sql("update bookings set next_attempt_at = now()").update();
        sweep.run();
    }

    private String planStatus() {
        return http.get(plan).json().path("status").asString();
    }

    private List<String> history() {
        List<String> statuses = new ArrayList<>();
        http.get(plan + "/booking")
                .json()
                .path("history")
                .forEach(change -> statuses.add(change.path("status").asString()));
        return statuses;
    }

    private static String callback(String bookingId, String status, String reference) {
        return reference == null
                ? "{\"booking_id\": \"%s\", \"status\": \"%s\"}".formatted(bookingId, status)
                : "{\"booking_id\": \"%s\", \"status\": \"%s\", \"external_ref\": \"%s\"}"
                        .formatted(bookingId, status, reference);
    }

    private Http.Answer send(String body, Instant at) {
        long seconds = at.getEpochSecond();
        return send(body, Long.toString(seconds), new Signature(FakeProvider.SECRET).of(seconds, bytes(body)));
    }

    private Http.Answer send(String body, String timestamp, String signature) {
        return http.send(
                "POST",
                "/bookings/callback",
                body,
                "Content-Type",
                "application/json",
                Signature.TIME_HEADER,
                timestamp,
                Signature.SIGNATURE_HEADER,
                signature);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
