package dev.luna.api.idempotency;

import dev.luna.api.web.InvalidField;
import dev.luna.api.web.ProblemException;
import dev.luna.api.web.WriteTransactions;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Gives the request with a known {@code Idempotency-Key} the first answer again. Only successes are kept: a refused
 * request had no effect, so repeating it asks anew.
 */
@Component
public final class Idempotency {

    private static final Pattern KEY_FORM = Pattern.compile("[\\x21-\\x7e]{1,255}");

    /**
     * Room for commits and pauses. A request that takes longer still has lost its process, or stood still: its key may
     * be taken up.
     */
    private static final Duration CLAIM_RESERVE = Duration.ofSeconds(10);

    private final KeyStore store;
    private final JsonMapper mapper;
    private final TransactionTemplate transaction;

    Idempotency(
            KeyStore store,
            JsonMapper mapper,
            @Qualifier(WriteTransactions.NAME) PlatformTransactionManager transactionManager) {
        this.store = store;
        this.mapper = mapper;
        this.transaction = new TransactionTemplate(transactionManager);
    }

    /**
     * For an effect that joins the running transaction: the answer is stored with it, or neither is. Without a key there is
     * none to join, so the effect begins its own.
     *
     * @param key the header, or null for a request without one
     * @param request what must be the same in a repetition; compared as JSON
     * @throws ProblemException 400 for a malformed key, 409 while it is in flight, 422 with another request
     */
    public <T> ResponseEntity<T> inOneTransaction(
            @Nullable String key, Object request, Class<T> type, Supplier<ResponseEntity<T>> effect) {
        if (key == null) {
            return effect.get();
        }
        Scope scope = scope(key);
        byte[] hash = hash(request);
        return transaction.execute(status -> known(scope, hash, type).orElseGet(() -> {
            ResponseEntity<T> answer = effect.get();
            store.store(scope, hash, stored(answer));
            return answer;
        }));
    }

    /**
     * For an effect of several transactions that finds what it did before when it is repeated. The key is claimed first
     * and the answer stored last; 202 says that the effect is not at its end, and is not kept.
     *
     * @param longest the longest that the effect takes
     */
    public <T> ResponseEntity<T> acrossTransactions(
            @Nullable String key, Object request, Class<T> type, Duration longest, Supplier<ResponseEntity<T>> effect) {
        if (key == null) {
            return effect.get();
        }
        Scope scope = scope(key);
        byte[] hash = hash(request);
        Begun<T> begun = transaction.execute(status -> known(scope, hash, type)
                .map(answer -> new Begun<>(answer, null))
                .orElseGet(() -> new Begun<T>(null, store.claim(scope, hash, longest.plus(CLAIM_RESERVE)))));
        if (begun.answer() != null) {
            return begun.answer();
        }
        boolean isStored = false;
        try {
            ResponseEntity<T> answer = effect.get();
            if (answer.getStatusCode() != HttpStatus.ACCEPTED) {
                store.store(scope, hash, stored(answer));
                isStored = true;
            }
            return answer;
        } finally {
            if (!isStored) {
                store.release(scope, begun.claimedUntil());
            }
        }
    }

    /** The answer that is known already, or else how long its key is claimed by whoever works on it now. */
    private record Begun<T>(
            @Nullable ResponseEntity<T> answer, @Nullable OffsetDateTime claimedUntil) {}

    private <T> Optional<ResponseEntity<T>> known(Scope scope, byte[] hash, Class<T> type) {
        if (!store.tryLock(scope)) {
            // Who holds the lock is in a transaction, and nearly done.
            throw inFlight(scope, 1);
        }
        return store.find(scope).flatMap(known -> {
            if (!MessageDigest.isEqual(known.requestHash(), hash)) {
                throw ProblemException.invalidBody(List.of(new InvalidField(
                        IdempotencyKey.NAME,
                        "was used with another request for this call; use a new key",
                        scope.key())));
            }
            if (known.answer() == null && known.claimedSeconds() > 0) {
                throw inFlight(scope, known.claimedSeconds());
            }
            return Optional.ofNullable(known.answer()).map(answer -> replayed(answer, type));
        });
    }

    private <T> ResponseEntity<T> replayed(KeyStore.StoredAnswer answer, Class<T> type) {
        ResponseEntity.BodyBuilder builder =
                ResponseEntity.status(answer.status()).header("Idempotent-Replayed", "true");
        if (answer.location() != null) {
            builder.location(URI.create(answer.location()));
        }
        // A server that was replaced meanwhile may have known further fields.
        return builder.body(mapper.readerFor(type)
                .without(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .readValue(answer.body()));
    }

    private KeyStore.StoredAnswer stored(ResponseEntity<?> answer) {
        URI location = answer.getHeaders().getLocation();
        return new KeyStore.StoredAnswer(
                answer.getStatusCode().value(),
                location == null ? null : location.toString(),
                mapper.writeValueAsString(answer.getBody()));
    }

    private static Scope scope(String key) {
        if (!KEY_FORM.matcher(key).matches()) {
            throw ProblemException.invalidParameter(new InvalidField(
                    IdempotencyKey.NAME, "must be 1 to 255 visible ASCII characters", key.isEmpty() ? null : key));
        }
        HttpServletRequest request =
                ((ServletRequestAttributes) RequestContextHolder.currentRequestAttributes()).getRequest();
        // Only ids in a path may be written in either case.
        String path = request.getServletPath().toLowerCase(Locale.ROOT);
        return new Scope(request.getMethod() + " " + path, key);
    }

    private byte[] hash(Object request) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(mapper.writeValueAsBytes(request));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static ProblemException inFlight(Scope scope, int seconds) {
        ProblemException problem =
                ProblemException.conflict("The request with the Idempotency-Key %s is being worked on; try again in %s."
                        .formatted(scope.key(), seconds == 1 ? "a second" : seconds + " seconds"));
        problem.getHeaders().set("Retry-After", Integer.toString(seconds));
        return problem;
    }
}
