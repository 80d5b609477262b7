package dev.luna.api.bookings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.luna.api.web.Http;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A booking whose first answer was lost: what is sent again, and what the answers to that mean. */
class RepeatedRequestsIT extends ProviderTest {

    @Autowired
    private BookingStore bookings;

    @Autowired
    private PlatformTransactionManager transactions;

    @Test
    void itIsTheSameToTheByteWhateverHasChangedMeanwhile() {
        PROVIDER.behave(FakeProvider.Manner.BROKEN);
        http.post(plan + "/confirm", "");
        assertThat(http.patch("/venues/" + evening.bar(), "{\"name\": \"Pub\", \"lat\": 3, \"lng\": 4}")
                        .status())
                .isEqualTo(200);
        assertThat(http.patch("/users/" + ada, "{\"name\": \"Countess\"}").status())
                .isEqualTo(200);
        // No step of a plan does this now; the order would stand all the same.
        jdbc.sql("update plans set start_time = start_time + interval '1 day', venue_id = ?::uuid")
                .param(evening.venue("Club"))
                .update();

        sweepNow();
        http.post(plan + "/cancel", "");
        PROVIDER.behave(FakeProvider.Manner.CONFIRM);
        sweepNow();

        assertThat(PROVIDER.bodies()).hasSizeGreaterThan(4);
        assertThat(new HashSet<>(PROVIDER.bodies())).hasSize(1);
        assertThat(status()).isEqualTo("cancelled");
    }

    @Test
    void itsFieldsComeAsTheContractListsThem() {
        http.post(plan + "/confirm", "");

        JsonNode order = JsonMapper.shared().readTree(PROVIDER.bodies().get(0));
        assertThat(List.copyOf(order.propertyNames()))
                .containsExactly("booking_id", "plan_id", "venue", "start_time", "party_size", "name");
        assertThat(List.copyOf(order.path("venue").propertyNames())).containsExactly("id", "name", "lat", "lng");
        assertThat(order.at("/venue/name").asString()).isEqualTo("Bar");
        assertThat(order.at("/venue/id").asString()).isEqualTo(evening.bar());
        assertThat(order.path("name").asString()).isEqualTo("ada");
        assertThat(order.path("party_size").asInt()).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.INCLUDE,
            names = {"REFUSE_REQUEST", "CONFLICT"})
    void aRefusedRetryDoesNotEndWhatTheFirstAttemptMayHaveBooked(FakeProvider.Manner refusal) {
        PROVIDER.behave(FakeProvider.Manner.DROP_AFTER_BOOKING, refusal);

        Http.Answer confirmed = http.post(plan + "/confirm", "");

        assertThat(confirmed.status()).isEqualTo(202);
        assertThat(status()).isEqualTo("requested");
        PROVIDER.behave(FakeProvider.Manner.CONFIRM);
        sweepNow();
        assertThat(status()).isEqualTo("confirmed");
        assertThat(PROVIDER.held()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"DROP_AFTER_BOOKING, REFUSE_REQUEST", "LATER, REFUSE_REQUEST", "LATER, CONFLICT"})
    void aRefusalOfTheSweepDoesNotEndItEitherButGivingUpDoes(FakeProvider.Manner manner, FakeProvider.Manner refusal) {
        PROVIDER.behave(manner);
        http.post(plan + "/confirm", "");
        PROVIDER.behave(refusal);

        sweepNow();

        assertThat(status()).isEqualTo("requested");
        assertThat(http.patch(plan, "{\"start_time\": \"2099-05-01T20:00:00Z\"}")
                        .status())
                .isEqualTo(409);
        jdbc.sql("update bookings set created_at = now() - interval '61 minutes'")
                .update();
        sweepNow();
        assertThat(status()).isEqualTo("cancel_requested");
        // Nor does a refusal say that there is nothing to give back.
        sweepNow();
        assertThat(status()).isEqualTo("cancel_requested");
        assertThat(PROVIDER.held()).hasSize(1);
        PROVIDER.behave(FakeProvider.Manner.CONFIRM);
        sweepNow();
        assertThat(status()).isEqualTo("cancelled");
        assertThat(PROVIDER.held()).isEmpty();
        assertThat(http.post(plan + "/confirm", "").status()).isEqualTo(200);
        assertThat(PROVIDER.held()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.INCLUDE,
            names = {"DECLINE", "DECLINE_BY_CONFLICT"})
    void aDeclineIsTheFirstAnswerAgainAndEndsIt(FakeProvider.Manner decline) {
        PROVIDER.behave(FakeProvider.Manner.BROKEN);
        http.post(plan + "/confirm", "");
        PROVIDER.behave(decline);

        sweepNow();

        assertThat(status()).isEqualTo("declined");
    }

    @Test
    void theLiveBookingIsMeantAndNotAnEarlierOne() {
        PROVIDER.behave(FakeProvider.Manner.DECLINE);
        http.post(plan + "/confirm", "");
        PROVIDER.behave(FakeProvider.Manner.CONFIRM);
        http.post(plan + "/confirm", "");
        assertThat(status()).isEqualTo("confirmed");

        http.post(plan + "/cancel", "");

        assertThat(PROVIDER.held()).isEmpty();
        assertThat(status()).isEqualTo("cancelled");
    }

    @Test
    void whileSomebodyAsksNobodyElseDoes() {
        PROVIDER.behave(FakeProvider.Manner.BROKEN);
        http.post(plan + "/confirm", "");
        int calls = PROVIDER.calls().size();
        PROVIDER.behave(FakeProvider.Manner.CONFIRM);
        jdbc.sql("update bookings set claimed_until = now() + interval '1 minute'")
                .update();

        sweepNow();
        jdbc.sql("update bookings set next_attempt_at = now() + interval '1 minute'")
                .update();
        // The rest after the last attempt to book is none of the cancellation.
        assertThat(http.post(plan + "/cancel", "").status()).isEqualTo(200);
        sweep.run();

        assertThat(PROVIDER.calls()).hasSize(calls);
        assertThat(status()).isEqualTo("cancel_requested");
        jdbc.sql("update bookings set claimed_until = now() - interval '1 second'")
                .update();
        sweep.run();
        assertThat(status()).isEqualTo("cancelled");
    }

    @Test
    void whoLostHisClaimChangesNothingOfTheNext() {
        PROVIDER.behave(FakeProvider.Manner.BROKEN);
        UUID id = UUID.fromString(
                http.post(plan + "/confirm", "").json().at("/booking/id").asString());
        BookingClaim lost =
                bookings.claim(id, HttpProvider.NAME, Duration.ofMillis(-1)).orElseThrow();
        BookingClaim held =
                bookings.claim(id, HttpProvider.NAME, Duration.ofMinutes(1)).orElseThrow();

        bookings.giveUpClaim(lost);
        bookings.release(lost);

        assertThat(bookings.nextTask(lost, Duration.ofMinutes(1))).isEmpty();
        assertThat(bookings.nextTask(held, Duration.ofMinutes(2)))
                .hasValueSatisfying(task -> assertThat(task.claim().until()).isAfter(held.until()));
    }

    @Test
    void aBookingOfAnotherProviderIsLeftToThatOne() {
        PROVIDER.behave(FakeProvider.Manner.BROKEN);
        http.post(plan + "/confirm", "");
        int calls = PROVIDER.calls().size();
        jdbc.sql("update bookings set provider = 'mock'").update();

        sweepNow();
        assertThat(http.post(plan + "/cancel", "").status()).isEqualTo(200);
        sweepNow();

        assertThat(PROVIDER.calls()).hasSize(calls);
    }

    @Test
    void itRestsTwiceAsLongEachTimeUpToFiveMinutes() {
        PROVIDER.behave(FakeProvider.Manner.BROKEN);
        http.post(plan + "/confirm", "");

        assertThat(Stream.of(0, 1, 2, 3, 6, 7, 40).map(this::restSeconds)).containsExactly(5, 5, 10, 20, 160, 300, 300);
        // And anew with a change of its status.
        http.post(plan + "/cancel", "");
        assertThat(jdbc.sql("select next_attempt_at <= now() + interval '5 s' from bookings")
                        .query(Boolean.class)
                        .single())
                .isTrue();
    }

    /** Within a transaction it is always the same moment. */
    private int restSeconds(int attempts) {
        return new TransactionTemplate(transactions).execute(tx -> {
            bookings.release(jdbc.sql(
                            "update bookings set attempts = ?, claimed_until = now() returning id, claimed_until")
                    .param(attempts)
                    .query((row, n) -> new BookingClaim(
                            row.getObject("id", UUID.class), row.getObject("claimed_until", OffsetDateTime.class)))
                    .single());
            return jdbc.sql("select extract(epoch from next_attempt_at - now())::integer from bookings")
                    .query(Integer.class)
                    .single();
        });
    }

    @Test
    void theLongestWaitingIsAskedForFirst() {
        PROVIDER.behave(FakeProvider.Manner.BROKEN);
        List<String> ids = Stream.of(plan, "/plans/" + evening.plan(ada), "/plans/" + evening.plan(ada))
                .map(each -> http.post(each + "/confirm", "")
                        .json()
                        .at("/booking/id")
                        .asString())
                .toList();
        List<Integer> minutesWaited = List.of(2, 3, 1);
        for (int i = 0; i < ids.size(); i++) {
            jdbc.sql("update bookings set next_attempt_at = now() - ? * interval '1 minute' where id = ?::uuid")
                    .params(minutesWaited.get(i), ids.get(i))
                    .update();
        }

        assertThat(bookings.due(HttpProvider.NAME, 2).stream().map(UUID::toString))
                .containsExactly(ids.get(1), ids.get(0));
    }

    @Test
    void whatIsAskedForStaysAsItIsUntilThereIsAnAnswer() {
        PROVIDER.behave(FakeProvider.Manner.BROKEN);
        http.post(plan + "/confirm", "");
        String cleo = evening.user("cleo");
        for (String now : new String[] {"requested", "cancel_requested"}) {
            assertThat(status()).isEqualTo(now);
            assertThat(http.patch(plan, "{\"start_time\": \"2099-05-01T20:00:00Z\"}")
                            .status())
                    .as(now)
                    .isEqualTo(409);
            assertThat(http.put(plan + "/participants/" + cleo, "").status())
                    .as(now)
                    .isEqualTo(409);
            jdbc.sql("update bookings set created_at = now() - interval '61 minutes'")
                    .update();
            sweepNow();
        }

        // Who calls off what is being taken back already is not told of a mistake.
        assertThat(http.post(plan + "/cancel", "").status()).isEqualTo(200);
        assertThat(status()).isEqualTo("cancel_requested");
    }

    @ParameterizedTest
    @ValueSource(ints = {404, 410})
    void whatTheProviderDoesNotKnowIsCancelled(int status) {
        http.post(plan + "/confirm", "");
        PROVIDER.behaveBy(status);

        http.post(plan + "/cancel", "");

        assertThat(status()).isEqualTo("cancelled");
    }

    @Test
    void anAnswerThatIsNotTheLastIsNotGivenAgain() {
        PROVIDER.behave(FakeProvider.Manner.BROKEN);
        assertThat(http.send("POST", plan + "/confirm", "", "Idempotency-Key", "k-1")
                        .status())
                .isEqualTo(202);
        PROVIDER.behave(FakeProvider.Manner.CONFIRM);
        sweepNow();

        Http.Answer again = http.send("POST", plan + "/confirm", "", "Idempotency-Key", "k-1");

        assertThat(again.status()).isEqualTo(200);
        assertThat(again.json().path("status").asString()).isEqualTo("confirmed");
    }
}
