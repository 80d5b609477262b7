package dev.luna.api.bookings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.luna.api.web.Http;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import tools.jackson.databind.JsonNode;

/** What a provider says later, and of its own accord. */
@ExtendWith(OutputCaptureExtension.class)
class CallbacksIT extends ProviderTest {

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
    void aCallbackDeclinesLaterAndItsOppositeComesTooLate(CapturedOutput output) {
        String id = later();

        assertThat(send(callback(id, "declined", null), Instant.now()).status()).isEqualTo(204);

        assertThat(planStatus()).isEqualTo("pending");
        assertThat(history()).containsExactly("requested", "declined");
        Http.Answer late = send(callback(id, "confirmed", "R-9"), Instant.now());
        assertThat(late.status()).isEqualTo(409);
        assertThat(late.detail())
                .isEqualTo("Booking %s is declined; confirmed comes too late. Release what you hold besides.", id);
        // Nobody else would know of it.
        assertThat(output).contains("Booking " + id + " is declined; the provider now confirms it as R-9");
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
    void aRefusalDoesNotEndTheCancellationOfWhatTheProviderHolds(CapturedOutput output) {
        http.post(plan + "/confirm", "");
        PROVIDER.behave(FakeProvider.Manner.BROKEN);
        http.post(plan + "/cancel", "");
        String id = http.get(plan + "/booking").json().path("id").asString();
        List<String> calls = List.copyOf(PROVIDER.calls());

        Http.Answer declined = send(callback(id, "declined", null), Instant.now());

        assertThat(declined.status()).isEqualTo(409);
        assertThat(declined.detail())
                .isEqualTo(
                        "Booking %s is cancel_requested as %s; declined does not end it, only an answer to its cancellation does.",
                        id, PROVIDER.reference(id));
        assertThat(history()).containsExactly("requested", "confirmed", "cancel_requested");
        assertThat(http.delete(plan).status()).isEqualTo(409);
        // A refusal is no reason to call at once: a provider that sends one for each call would be called without end.
        assertThat(PROVIDER.calls()).isEqualTo(calls);
        assertThat(send(callback(id, "confirmed", "R-other"), Instant.now()).status())
                .isEqualTo(409);
        assertThat(output)
                .contains("Booking %s is cancel_requested as %s; the provider now confirms it as R-other"
                        .formatted(id, PROVIDER.reference(id)));
        PROVIDER.behave(FakeProvider.Manner.CONFIRM);
        sweepNow();
        assertThat(PROVIDER.held()).isEmpty();
        assertThat(changes("reason")).endsWith("the provider cancelled it");
    }

    @Test
    void aLateAnswerDoesNotEndTheCancellationOfWhatTheProviderHolds() throws Exception {
        String id = later();
        PROVIDER.behave(FakeProvider.Manner.SLOW, FakeProvider.Manner.DECLINE);
        CompletableFuture<Http.Answer> cancelled = CompletableFuture.supplyAsync(() -> http.post(plan + "/cancel", ""));
        PROVIDER.awaitCalls(1);
        assertThat(send(callback(id, "confirmed", PROVIDER.reference(id)), Instant.now())
                        .status())
                .isEqualTo(204);

        // The call under way is dropped, and the same asked for anew is declined.
        PROVIDER.behave(FakeProvider.Manner.DECLINE);

        assertThat(cancelled.join().status()).isEqualTo(200);
        assertThat(PROVIDER.calls())
                .containsExactly("book " + id, "book " + id, "book " + id, "cancel " + id + ":cancel");
        assertThat(PROVIDER.held()).isEmpty();
        assertThat(changes("reason")).endsWith("the provider cancelled it");
    }

    @Test
    void itDoesNotLetAnybodyCancelWhileTheRequestIsUnderWay() throws Exception {
        String id = later();
        PROVIDER.behave(FakeProvider.Manner.SLOW, FakeProvider.Manner.CONFIRM);
        // Not on the common pool, whose only thread on two cores the answers of calls go through.
        CompletableFuture<Void> swept = CompletableFuture.runAsync(this::sweepNow, task -> new Thread(task).start());
        PROVIDER.awaitCalls(1);
        assertThat(send(callback(id, "confirmed", PROVIDER.reference(id)), Instant.now())
                        .status())
                .isEqualTo(204);

        assertThat(http.post(plan + "/cancel", "").status()).isEqualTo(200);

        assertThat(PROVIDER.calls()).containsExactly("book " + id, "book " + id);
        // The call under way is dropped and made anew; whoever made it cancels.
        PROVIDER.behave(FakeProvider.Manner.CONFIRM);
        swept.join();
        assertThat(PROVIDER.calls())
                .containsExactly("book " + id, "book " + id, "book " + id, "cancel " + id + ":cancel");
        assertThat(PROVIDER.held()).isEmpty();
        assertThat(history()).containsExactly("requested", "confirmed", "cancel_requested", "cancelled");
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
        Http.Answer ahead = send(body, Instant.now().plusSeconds(400));
        assertThat(ahead.status()).isEqualTo(401);
        assertThat(ahead.header("WWW-Authenticate")).contains("Luna-Signature");
        assertThat(ahead.detail()).endsWith("a dot and the body, within 5 minutes of now.");
        assertThat(planStatus()).isEqualTo("pending");
        assertThat(send("nonsense", Instant.now()).status()).isEqualTo(400);
        assertThat(send(callback(UUID.randomUUID().toString(), "declined", null), Instant.now())
                        .status())
                .isEqualTo(404);
    }

    @Test
    void theSignaturesDigitsMayBeUpperCase() {
        String body = callback(later(), "declined", null);
        long now = Instant.now().getEpochSecond();
        String signature = new Signature(FakeProvider.SECRET).of(now, bytes(body));

        String sent = "v1=" + signature.substring("v1=".length()).toUpperCase(Locale.ROOT);

        assertThat(send(body, Long.toString(now), sent).status()).isEqualTo(204);
    }

    @Test
    void aCallbackThatCannotBeReadNamesItsField() {
        String id = later();

        assertThat(refusal("{}")).isEqualTo("booking_id: must be a booking's id");
        assertThat(refusal("{'booking_id': 'b'}")).isEqualTo("booking_id: must be a booking's id, but was 'b'");
        assertThat(refusal("{'booking_id': '1-1-1-1-1'}"))
                .isEqualTo("booking_id: must be a booking's id, but was '1-1-1-1-1'");
        String known = "{'booking_id': '" + id + "'";
        assertThat(refusal(known + "}")).isEqualTo("status: must be confirmed or declined");
        assertThat(refusal(known + ", 'status': 'maybe'}"))
                .isEqualTo("status: must be confirmed or declined, but was 'maybe'");
        String confirmed = known + ", 'status': 'confirmed'";
        String rule =
                "external_ref: must be 1 to 200 characters, not all of them spaces and none a control character, when"
                        + " status is confirmed";
        assertThat(refusal(confirmed + "}")).isEqualTo(rule);
        assertThat(refusal(confirmed + ", 'external_ref': 7}")).isEqualTo(rule + ", but was '7'");
        assertThat(refusal(confirmed + ", 'external_ref': '  '}")).isEqualTo(rule + ", but was '  '");
        assertThat(history()).containsExactly("requested");
    }

    private String refusal(String body) {
        Http.Answer answer = send(body.replace('\'', '"'), Instant.now());
        assertThat(answer.status()).isEqualTo(422);
        return answer.detail();
    }

    /** Confirms at a provider that will answer by callback. */
    private String later() {
        PROVIDER.behave(FakeProvider.Manner.LATER);
        Http.Answer answer = http.post(plan + "/confirm", "");
        assertThat(answer.status()).isEqualTo(202);
        return answer.json().at("/booking/id").asString();
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
