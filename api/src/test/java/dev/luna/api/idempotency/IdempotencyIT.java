package dev.luna.api.idempotency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.luna.api.plans.Evening;
import dev.luna.api.web.Http;
import dev.luna.api.web.ServerTest;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

class IdempotencyIT extends ServerTest {

    @Autowired
    private PlatformTransactionManager transactionManager;

    @Autowired
    private KeyStore keys;

    private Evening evening;
    private String ada;

    @BeforeEach
    void ada() {
        evening = new Evening(http);
        ada = evening.user("ada");
    }

    @Test
    void aRepeatedPlanIsMadeOnce() {
        String body = evening.body(ada, "2099-01-31T20:00:00Z");

        Http.Answer first = post("/plans", body, "k-1");
        Http.Answer second = post("/plans", body.replace(" ", ""), "k-1");

        assertThat(first.status()).isEqualTo(201);
        assertThat(first.header("Idempotent-Replayed")).isEmpty();
        assertThat(second.status()).isEqualTo(201);
        assertThat(second.json()).isEqualTo(first.json());
        assertThat(second.header("Location")).isEqualTo(first.header("Location"));
        assertThat(second.header("Idempotent-Replayed")).contains("true");
        assertThat(count("plans")).isEqualTo(1);
        assertThat(post("/plans", body, "k-2").status()).isEqualTo(201);
        assertThat(count("plans")).isEqualTo(2);
    }

    @Test
    void aRepeatedPlanIsTheFirstEvenWhenItsFirstVenueIsGone() {
        String body = evening.body(ada, "2099-01-31T20:00:00Z");
        Http.Answer first = post("/plans?invite_top=1", body, "k-1");
        String plan = "/plans/" + first.json().path("id").asString();
        http.patch(plan, "{\"venue_id\": \"%s\"}".formatted(evening.venue("Club")));
        assertThat(http.delete("/venues/" + evening.bar()).status()).isEqualTo(204);

        Http.Answer second = post("/plans?invite_top=1", body, "k-1");

        assertThat(second.status()).isEqualTo(201);
        assertThat(second.json()).isEqualTo(first.json());
    }

    @Test
    void aRepeatedInteractionIsRecordedOnce() {
        String path = "/venues/" + evening.bar() + "/interactions";
        String like = "{\"user_id\": \"%s\", \"interaction_type\": \"like\"}".formatted(ada);

        Http.Answer first = post(path, like, "k-1");

        assertThat(post(path, like, "k-1").json()).isEqualTo(first.json());
        // Another spelling of the same id.
        assertThat(post(path.replace(evening.bar(), evening.bar().toUpperCase(Locale.ROOT)), like, "k-1")
                        .json())
                .isEqualTo(first.json());
        assertThat(count("user_venue_interactions")).isEqualTo(1);
        assertThat(post(path, like.replace("like", "view"), "k-1").status()).isEqualTo(422);
    }

    @Test
    void oneKeyAtTwoCallsIsTwoKeys() {
        String like = "{\"user_id\": \"%s\", \"interaction_type\": \"like\"}".formatted(ada);

        for (String place : List.of(evening.bar(), evening.venue("Club"))) {
            assertThat(post("/venues/" + place + "/interactions", like, "k-1").header("Idempotent-Replayed"))
                    .isEmpty();
            String confirm = "/plans/" + evening.plan(ada) + "/confirm";
            assertThat(post(confirm, "", "k-1").header("Idempotent-Replayed")).isEmpty();
        }

        assertThat(count("user_venue_interactions")).isEqualTo(2);
        assertThat(count("bookings")).isEqualTo(2);
    }

    @Test
    void anotherRequestUnderTheSameKeyIsRefused() {
        post("/plans", evening.body(ada, "2099-01-31T20:00:00Z"), "k-1");

        Http.Answer otherBody = post("/plans", evening.body(ada, "2099-02-01T20:00:00Z"), "k-1");
        Http.Answer otherParameter = post("/plans?invite_top=1", evening.body(ada, "2099-01-31T20:00:00Z"), "k-1");

        for (Http.Answer refused : List.of(otherBody, otherParameter)) {
            assertThat(refused.status()).isEqualTo(422);
            assertThat(refused.json().at("/errors/0/field").asString()).isEqualTo("Idempotency-Key");
        }
        assertThat(count("plans")).isEqualTo(1);
    }

    @Test
    void aConfirmationIsAnsweredAgainEvenAfterTheCancellation() {
        String plan = "/plans/" + evening.plan(ada);
        Http.Answer first = post(plan + "/confirm", "", "k-1");
        http.post(plan + "/cancel", "");

        Http.Answer again = post(plan + "/confirm", "", "k-1");

        assertThat(again.status()).isEqualTo(200);
        assertThat(again.json()).isEqualTo(first.json());
        assertThat(post(plan + "/confirm", "", "k-2").status()).isEqualTo(409);
    }

    @Test
    void aKeyInFlightIsRefusedUntilItsRequestEnds() {
        String body = evening.body(ada, "2099-01-31T20:00:00Z");
        AtomicReference<Http.Answer> meanwhile = new AtomicReference<>();

        new TransactionTemplate(transactionManager).executeWithoutResult(status -> {
            assertThat(keys.tryLock(new Scope("POST /plans", "k-1"))).isTrue();
            meanwhile.set(post("/plans", body, "k-1"));
        });

        assertThat(meanwhile.get().status()).isEqualTo(409);
        assertThat(meanwhile.get().header("Retry-After")).contains("1");
        assertThat(post("/plans", body, "k-1").status()).isEqualTo(201);
        assertThat(count("plans")).isEqualTo(1);
    }

    @Test
    void aClaimOfADeadProcessIsTakenUp() {
        String plan = "/plans/" + evening.plan(ada);
        post(plan + "/confirm", "", "k-1");
        jdbc.sql("update idempotency_key set status = null, body = null, claimed_until = now() + interval '1 minute'")
                .update();

        Http.Answer refused = post(plan + "/confirm", "", "k-1");

        assertThat(refused.status()).isEqualTo(409);
        String seconds = refused.header("Retry-After").orElseThrow();
        // Of the minute, less what has passed of it.
        assertThat(Integer.parseInt(seconds)).isBetween(2, 60);
        assertThat(refused.detail()).contains("try again in " + seconds + " seconds");
        jdbc.sql("update idempotency_key set claimed_until = now() - interval '1 second'")
                .update();
        assertThat(post(plan + "/confirm", "", "k-1").status()).isEqualTo(200);
        assertThat(count("bookings")).isEqualTo(1);
    }

    @Test
    void whoGivesAClaimBackTooLateTakesNoAnswerAlong() {
        Scope scope = new Scope("POST /plans", "k-1");
        OffsetDateTime claim = keys.claim(scope, new byte[32], Duration.ofMinutes(1));
        keys.store(scope, new byte[32], new KeyStore.StoredAnswer(200, null, "{}"));

        keys.release(scope, claim);

        assertThat(keys.find(scope)).isPresent();
    }

    @Test
    void whoStoodStillTooLongLeavesTheKeyToWhoTookItUp() {
        Scope scope = new Scope("POST /plans", "k-1");
        OffsetDateTime lost = keys.claim(scope, new byte[32], Duration.ofMillis(-1));
        OffsetDateTime held = keys.claim(scope, new byte[32], Duration.ofMinutes(1));

        keys.release(scope, lost);
        assertThat(keys.find(scope)).isPresent();

        keys.release(scope, held);
        assertThat(keys.find(scope)).isEmpty();
    }

    @Test
    void aClaimOfAClockThatWasPutBackIsTakenUp() {
        Scope scope = new Scope("POST /plans", "k-1");
        keys.claim(scope, new byte[32], Duration.ofMinutes(5));
        jdbc.sql("update idempotency_key set claimed_until = now() + interval '1 day'")
                .update();

        assertThat(keys.find(scope).orElseThrow().claimedSeconds()).isZero();
    }

    @Test
    void aClaimThatWouldCountAsOverIsRefused() {
        Scope scope = new Scope("POST /plans", "k-1");

        assertThatThrownBy(() -> keys.claim(scope, new byte[32], Duration.ofMillis(300_001)))
                .hasMessage("a claim of PT5M0.001S on a key is longer than PT5M, and would count as over at once");
    }

    @Test
    void aRefusedRequestLeavesItsKeyFree() {
        String body = evening.body(ada, "2099-01-31T20:00:00Z");
        String unknown = body.replace(ada, evening.bar());

        assertThat(post("/plans", unknown, "k-1").status()).isEqualTo(404);
        assertThat(post("/plans", body, "k-1").status()).isEqualTo(201);
    }

    @Test
    void keysLastADay() {
        post("/plans", evening.body(ada, "2099-01-30T20:00:00Z"), "k-1");
        jdbc.sql("update idempotency_key set created_at = now() - interval '23 hours 59 minutes'")
                .update();
        assertThat(keys.forgetExpired()).isZero();
        jdbc.sql("update idempotency_key set created_at = now() - interval '24 hours 1 second'")
                .update();

        String body = evening.body(ada, "2099-01-31T20:00:00Z");
        Http.Answer anew = post("/plans", body, "k-1");
        assertThat(anew.header("Idempotent-Replayed")).isEmpty();
        assertThat(count("plans")).isEqualTo(2);
        Http.Answer again = post("/plans", body, "k-1");
        assertThat(again.json()).isEqualTo(anew.json());
        assertThat(again.header("Location")).isEqualTo(anew.header("Location"));
        assertThat(keys.forgetExpired()).isZero();
        jdbc.sql("update idempotency_key set created_at = now() - interval '25 hours'")
                .update();
        assertThat(keys.forgetExpired()).isEqualTo(1);
    }

    @Test
    void aKeyOfYesterdayIsClaimedAnew() {
        Scope scope = new Scope("POST /plans", "k-1");
        keys.store(scope, new byte[32], new KeyStore.StoredAnswer(200, null, "{}"));
        jdbc.sql("update idempotency_key set created_at = now() - interval '25 hours'")
                .update();
        byte[] another = new byte[31];

        keys.claim(scope, another, Duration.ofMinutes(1));

        KeyStore.Known claimed = keys.find(scope).orElseThrow();
        assertThat(claimed.requestHash()).isEqualTo(another);
        assertThat(claimed.answer()).isNull();
        assertThat(claimed.claimedSeconds()).isPositive();
    }

    /** Of a server of a later build that was replaced meanwhile, or of an earlier one. */
    @ParameterizedTest
    @ValueSource(strings = {"jsonb_set(body::jsonb, '{parking}', 'true')::text", "(body::jsonb - 'state')::text"})
    void anAnswerWithOtherFieldsIsGivenAgainToo(String stored) {
        String body = evening.body(ada, "2099-01-31T20:00:00Z");
        Http.Answer first = post("/plans", body, "k-1");
        jdbc.sql("update idempotency_key set body = " + stored).update();

        Http.Answer again = post("/plans", body, "k-1");

        assertThat(again.status()).as(again.text()).isEqualTo(201);
        assertThat(again.json()).isEqualTo(first.json());
    }

    @Test
    void aMalformedKeyIsNamed() {
        for (String key : List.of("a b", "k".repeat(256), "")) {
            Http.Answer refused = post("/plans", evening.body(ada, "2099-01-31T20:00:00Z"), key);
            assertThat(refused.status()).as(key).isEqualTo(400);
            assertThat(refused.json().at("/errors/0/field").asString()).isEqualTo("Idempotency-Key");
        }
        assertThat(count("plans")).isZero();
    }

    private Http.Answer post(String path, String body, String key) {
        return http.send("POST", path, body, "Content-Type", "application/json", "Idempotency-Key", key);
    }

    private long count(String table) {
        return jdbc.sql("select count(*) from " + table).query(Long.class).single();
    }
}
