package dev.luna.api.bookings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.luna.api.web.Http;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;

/** Bookings at a provider on a real connection. */
class HttpBookingsIT extends ProviderTest {

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

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.INCLUDE,
            names = {"DECLINE", "CONFLICT"})
    void aDeclinedPlanStaysPendingAndCanBeConfirmedAgain(FakeProvider.Manner manner) {
        PROVIDER.behave(manner);

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

    /** What is not known is asked for a second time at once. */
    @ParameterizedTest
    @CsvSource({
        "422, 409, declined, 1",
        "301, 502, failed, 1",
        "404, 502, failed, 1",
        "408, 202, requested, 2",
        "425, 202, requested, 2",
        "503, 202, requested, 2"
    })
    void aStatusAloneSaysWhatCameOfIt(int status, int answer, String booking, int calls) {
        PROVIDER.behaveBy(status);

        assertThat(http.post(plan + "/confirm", "").status()).isEqualTo(answer);

        assertThat(status()).isEqualTo(booking);
        assertThat(PROVIDER.calls()).hasSize(calls);
    }

    @Test
    void aDeclineByStatusCountsAlsoAfterSilence() {
        PROVIDER.behave(FakeProvider.Manner.BROKEN);
        http.post(plan + "/confirm", "");
        PROVIDER.behaveBy(422);

        sweepNow();

        assertThat(status()).isEqualTo("declined");
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.INCLUDE,
            names = {"DROP_AFTER_BOOKING", "DROP_BEFORE_BOOKING", "GARBAGE", "LENGTHY", "BROKEN", "BUSY"})
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

    /** Its callback may be lost. */
    @Test
    void anAnswerThatIsAnnouncedIsAskedForAllTheSame() {
        PROVIDER.behave(FakeProvider.Manner.LATER);
        http.post(plan + "/confirm", "");
        PROVIDER.behave(FakeProvider.Manner.CONFIRM);

        sweepNow();

        assertThat(status()).isEqualTo("confirmed");
    }

    @Test
    void theSweepLetsAnUnansweredBookingRest() {
        PROVIDER.behave(FakeProvider.Manner.BROKEN);
        http.post(plan + "/confirm", "");
        int calls = PROVIDER.calls().size();

        sweep.run();

        assertThat(PROVIDER.calls()).hasSize(calls);
    }

    @ParameterizedTest
    @ValueSource(strings = {"created_at = now() - interval '61 minutes'", "start_time = now()"})
    void anUnansweredBookingIsTakenBackAfterAWhileOrWhenItsTimeHasCome(String meanwhile) {
        PROVIDER.behave(FakeProvider.Manner.GARBAGE);
        http.post(plan + "/confirm", "");
        int calls = PROVIDER.calls().size();
        jdbc.sql("update bookings set " + meanwhile).update();

        sweepNow();
        assertThat(history()).containsExactly("requested", "cancel_requested");
        // Once more, with a second attempt.
        assertThat(PROVIDER.calls()).hasSize(calls + 2);
        assertThat(http.get(plan + "/booking").json().at("/history/1/reason").asString())
                .startsWith("no answer within 1h, or before the start; last: the provider's answer");
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
    void afterTheClockWasPutBackNoBookingWaitsForTheOldTime() {
        PROVIDER.behave(FakeProvider.Manner.BROKEN);
        http.post(plan + "/confirm", "");
        PROVIDER.behave(FakeProvider.Manner.CONFIRM);
        jdbc.sql(
                        "update bookings set claimed_until = now() + interval '1 day', next_attempt_at = now() + interval '1 day'")
                .update();

        sweep.run();

        assertThat(status()).isEqualTo("confirmed");
    }

    @Test
    void afterTheClockWasPutBackNoBookingIsAskedForUntilTheOldTime() {
        PROVIDER.behave(FakeProvider.Manner.BROKEN);
        http.post(plan + "/confirm", "");
        jdbc.sql("update bookings set created_at = now() + interval '1 day'").update();

        sweepNow();

        assertThat(history()).containsExactly("requested", "cancel_requested");
    }

    @Test
    void aClaimThatWouldCountAsOverIsRefused(@Autowired BookingStore store) {
        assertThatThrownBy(() -> store.claim(new UUID(0, 1), "http", Duration.ofMillis(300_001)))
                .hasMessage("a claim of 5m0.001s on a booking is longer than 5m, and would count as over at once");
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
}
