package dev.luna.api.bookings;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.core.retry.RetryException;
import org.springframework.core.retry.RetryPolicy;
import org.springframework.core.retry.RetryTemplate;
import tools.jackson.databind.json.JsonMapper;

/**
 * A provider behind a URL. A booking is {@code POST url}, its cancellation {@code POST url/cancel}, both signed and with an
 * {@code Idempotency-Key}. Whatever may have reached the provider without a clear answer is {@link Outcome.Kind#UNKNOWN}:
 * a timeout, a dropped connection, 408, 425, 429, 5xx and answers that cannot be read, and after any of these a refusal or
 * a 409 that does not say that it declines.
 * Thread-safe.
 */
final class HttpProvider implements BookingProvider {

    static final String NAME = "http";

    /** A hundred times what an answer needs. Of a longer one, the status is all that is known. */
    private static final int LONGEST_ANSWER_BYTES = 64 << 10;

    private final BookingProperties.Http settings;
    private final Signature signature;
    private final JsonMapper mapper;
    private final Clock clock;
    private final HttpClient client;
    private final RetryTemplate retries;

    HttpProvider(BookingProperties.Http settings, JsonMapper mapper, Clock clock) {
        this.settings = settings;
        this.signature = new Signature(settings.secret());
        this.mapper = mapper;
        this.clock = clock;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(settings.timeout())
                .build();
        this.retries = new RetryTemplate(retries(settings));
    }

    /** Pauses vary by a half, but none is shorter than the first: that is what the policy makes of its jitter. */
    static RetryPolicy retries(BookingProperties.Http settings) {
        return RetryPolicy.builder()
                .includes(NoAnswerException.class)
                .maxRetries(settings.retries())
                .delay(settings.backoff())
                .jitter(settings.backoff().dividedBy(2))
                .multiplier(2)
                .build();
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Outcome book(BookingOrder order) {
        Map<String, Object> venue = new LinkedHashMap<>();
        venue.put("id", order.venueId());
        venue.put("name", order.venueName());
        venue.put("lat", order.venueLat());
        venue.put("lng", order.venueLng());
        // In a fixed order: a provider may tell a repetition by the bytes of its body.
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("booking_id", order.bookingId());
        body.put("plan_id", order.planId());
        body.put("venue", venue);
        body.put("start_time", order.startTime());
        body.put("party_size", order.partySize());
        body.put("name", order.organizerName());
        return call(settings.uri(""), order.bookingId().toString(), body, this::booked);
    }

    @Override
    public Outcome cancel(BookingOrder order) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("booking_id", order.bookingId());
        body.put("external_ref", String.valueOf(order.externalRef()));
        return call(settings.uri("/cancel"), order.bookingId() + ":cancel", body, HttpProvider::cancelled);
    }

    @Override
    public Duration longestCall() {
        return settings.longestCall();
    }

    /** How an answer is read. */
    private interface Reading {
        Outcome of(HttpResponse<byte[]> answer) throws NoAnswerException;
    }

    private Outcome call(URI uri, String key, Map<String, Object> body, Reading reading) {
        byte[] bytes = mapper.writeValueAsBytes(body);
        AtomicInteger attempts = new AtomicInteger();
        try {
            Outcome outcome = retries.execute(() -> {
                attempts.incrementAndGet();
                return reading.of(send(uri, key, bytes));
            });
            return attempts.get() > 1 ? outcome.afterSilence() : outcome;
        } catch (RetryException e) {
            Throwable last = e.getCause();
            if (last instanceof NoAnswerException noAnswer) {
                return Outcome.unknown(String.valueOf(noAnswer.getMessage()));
            }
            if (last instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            return Outcome.unknown("the call of the provider failed: " + last);
        }
    }

    private HttpResponse<byte[]> send(URI uri, String key, byte[] body) throws NoAnswerException, InterruptedException {
        long now = clock.instant().getEpochSecond();
        HttpRequest request = HttpRequest.newBuilder(uri)
                .header("Content-Type", "application/json")
                .header("Accept", "application/json")
                .header("Idempotency-Key", key)
                .header(Signature.TIME_HEADER, Long.toString(now))
                .header(Signature.SIGNATURE_HEADER, signature.of(now, body))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        // The client's own timeout ends with the headers; a body that trickles in must end, too.
        CompletableFuture<HttpResponse<byte[]>> answer =
                client.sendAsync(request, head -> new LimitedBody(LONGEST_ANSWER_BYTES));
        try {
            return answer.get(settings.timeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            throw NoAnswerException.of(e, uri, settings.timeout());
        } finally {
            answer.cancel(true);
        }
    }

    private Outcome booked(HttpResponse<byte[]> answer) throws NoAnswerException {
        int status = answer.statusCode();
        requireClear(status);
        if (status == 202) {
            return Outcome.unknown("the provider will say later");
        }
        Optional<ProviderAnswer> body = ProviderAnswer.read(answer.body(), mapper);
        Optional<Outcome> said = body.flatMap(ProviderAnswer::outcome);
        String why = body.map(ProviderAnswer::reason).map(": "::concat).orElse("");
        if (status == 409 || status == 422) {
            String reason = "the provider declined with status " + status + why;
            boolean isExplicit = status == 422
                    || said.filter(outcome -> outcome.kind() == Outcome.Kind.DECLINED)
                            .isPresent();
            return isExplicit ? Outcome.declined(reason) : Outcome.conflict(reason);
        }
        if (status >= 300) {
            return Outcome.failed("the provider refused the request with status " + status + why);
        }
        return said.orElseThrow(() -> new NoAnswerException(
                "the provider's answer with status %d cannot be read; expected JSON of at most %d KB with status confirmed or declined and, if confirmed, external_ref: %s"
                        .formatted(status, LONGEST_ANSWER_BYTES >> 10, ProviderAnswer.REFERENCE_RULE)));
    }

    private static Outcome cancelled(HttpResponse<byte[]> answer) throws NoAnswerException {
        int status = answer.statusCode();
        requireClear(status);
        if (status < 300) {
            return Outcome.cancelled("the provider cancelled it");
        }
        if (status == 404 || status == 410) {
            return Outcome.cancelled("the provider does not hold it, status " + status);
        }
        return Outcome.unknown("the provider refused to cancel, status " + status);
    }

    private static void requireClear(int status) throws NoAnswerException {
        if (status >= 500 || status == 408 || status == 425 || status == 429) {
            throw new NoAnswerException("the provider answered with status " + status);
        }
    }
}
