package dev.luna.api.plans;

import static org.assertj.core.api.Assertions.assertThat;

import dev.luna.api.web.Http;
import dev.luna.api.web.ServerTest;
import dev.luna.batch.run.Eventually;
import dev.luna.batch.run.Sessions;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** Confirm, cancel and delete, with the provider that confirms everything. */
class ConfirmationsIT extends ServerTest {

    @Autowired
    private DataSource dataSource;

    private Evening evening;
    private String ada;
    private String bob;

    @BeforeEach
    void adaAndBob() {
        evening = new Evening(http);
        ada = evening.user("ada");
        bob = evening.user("bob");
    }

    @Test
    void confirmingBooksOnceAndAnswersTheSameAgain() {
        String plan = evening.plan(ada, bob);

        Http.Answer first = http.post("/plans/" + plan + "/confirm", "");
        Http.Answer second = http.post("/plans/" + plan + "/confirm", "");

        assertThat(first.status()).isEqualTo(200);
        assertThat(List.copyOf(first.json().propertyNames())).containsExactly("plan_id", "status", "booking");
        assertThat(first.json().path("status").asString()).isEqualTo("confirmed");
        JsonNode booking = first.json().path("booking");
        assertThat(List.copyOf(booking.propertyNames())).containsExactly("id", "provider", "external_ref", "status");
        assertThat(booking.path("provider").asString()).isEqualTo("mock");
        assertThat(booking.path("status").asString()).isEqualTo("confirmed");
        assertThat(booking.path("external_ref").asString()).matches("mock-[0-9a-f-]{36}");
        assertThat(second.status()).isEqualTo(200);
        assertThat(second.json()).isEqualTo(first.json());
        assertThat(count("bookings")).isEqualTo(1);
        assertThat(http.get("/plans/" + plan).json().path("status").asString()).isEqualTo("confirmed");
    }

    @Test
    void aBookingTellsItsHistory() {
        String plan = evening.plan(ada, bob);
        assertThat(http.get("/plans/" + plan + "/booking").status()).isEqualTo(404);
        String id = http.post("/plans/" + plan + "/confirm", "")
                .json()
                .at("/booking/id")
                .asString();

        JsonNode booking = http.get("/bookings/" + id).json();

        assertThat(booking.path("party_size").asInt()).isEqualTo(2);
        assertThat(statuses(booking)).containsExactly("requested", "confirmed");
        assertThat(booking.at("/history/0/reason").asString()).isEqualTo("the plan was confirmed");
        assertThat(booking.at("/history/1/changed_at").asString())
                .isGreaterThan(booking.at("/history/0/changed_at").asString());
        assertThat(http.get("/plans/" + plan + "/booking").json()).isEqualTo(booking);
        assertThat(http.get("/bookings/" + UUID.randomUUID()).status()).isEqualTo(404);
        assertThat(http.get("/plans/" + UUID.randomUUID() + "/booking").detail())
                .startsWith("No plan");
    }

    @Test
    void thePartyIsEverybodyWhoHasNotDeclined() {
        String plan = "/plans/" + evening.plan(ada, bob);
        http.post(plan + "/participants/" + bob + "/decline", "");

        http.post(plan + "/confirm", "");

        assertThat(http.get(plan + "/booking").json().path("party_size").asInt())
                .isEqualTo(1);
    }

    /** Between the booking and its history, which waits, the plan is cancelled. */
    @Test
    void aBookingAndItsHistoryAreOfOneMoment() throws Exception {
        String plan = "/plans/" + evening.plan(ada, bob);
        http.post(plan + "/confirm", "");
        ExecutorService client = Executors.newSingleThreadExecutor();
        try (Connection other = dataSource.getConnection();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("lock table booking_change in access exclusive mode");
            Future<Http.Answer> read = client.submit(() -> http.get(plan + "/booking"));
            Eventually.holds("the history waits", () -> {
                assertThat(read).isNotDone();
                return Sessions.waiting(jdbc) > 0;
            });
            statement.execute("update bookings set status = 'cancel_requested'");
            statement.execute("insert into booking_change (booking_id, status, reason)"
                    + " select id, status, 'the plan was cancelled' from bookings");
            other.commit();

            JsonNode booking = read.get().json();
            assertThat(statuses(booking)).endsWith(booking.path("status").asString());
        } finally {
            client.shutdownNow();
        }
    }

    @Test
    void cancellingCancelsTheBookingToo() {
        String plan = evening.plan(ada, bob);
        http.post("/plans/" + plan + "/confirm", "");

        Http.Answer cancelled = http.post("/plans/" + plan + "/cancel", "");

        assertThat(cancelled.status()).isEqualTo(200);
        assertThat(cancelled.json().path("status").asString()).isEqualTo("cancelled");
        assertThat(http.post("/plans/" + plan + "/cancel", "").json()).isEqualTo(cancelled.json());
        assertThat(statuses(http.get("/plans/" + plan + "/booking").json()))
                .containsExactly("requested", "confirmed", "cancel_requested", "cancelled");
    }

    @Test
    void forbiddenStepsNameTheStateAndWhatIsPossible() {
        String confirmed = "/plans/" + evening.plan(ada, bob);
        http.post(confirmed + "/confirm", "");
        String cancelled = "/plans/" + evening.plan(ada, bob);
        http.post(cancelled + "/cancel", "");
        String cleo = evening.user("cleo");
        String change = "{\"start_time\": \"2099-05-01T20:00:00Z\"}";

        assertForbidden(http.patch(confirmed, change), "confirmed", "accept, decline, leave, confirm, cancel");
        assertForbidden(http.put(confirmed + "/participants/" + cleo, ""), "confirmed", "cancel");
        assertForbidden(http.delete(confirmed), "confirmed", "cancel");
        assertForbidden(http.patch(cancelled, change), "cancelled", "cancel, delete");
        assertForbidden(http.post(cancelled + "/confirm", ""), "cancelled", "cancel, delete");
        assertForbidden(http.post(cancelled + "/participants/" + bob + "/accept", ""), "cancelled", "delete");
        assertForbidden(http.delete(cancelled + "/participants/" + bob), "cancelled", "delete");
        assertForbidden(http.delete("/plans/" + evening.plan(ada)), "pending", "cancel");
        String organizer = "/plans/" + evening.plan(ada) + "/participants/" + ada;
        String allButToGo = "change, invite, accept, confirm, cancel";
        assertForbidden(http.post(organizer + "/decline", ""), "pending", allButToGo);
        assertForbidden(http.delete(organizer), "pending", allButToGo);
    }

    /** States by hand, because the provider here answers at once. */
    @ParameterizedTest
    @CsvSource({"pending, requested", "pending, cancel_requested", "confirmed, confirmed"})
    void peopleAnswerAndLeaveWhateverBecomesOfTheBooking(String planStatus, String bookingStatus) {
        String plan = "/plans/" + evening.plan(ada, bob);
        http.post(plan + "/confirm", "");
        jdbc.sql("update plans set status = ?").param(planStatus).update();
        jdbc.sql("update bookings set status = ?").param(bookingStatus).update();
        String participant = plan + "/participants/" + bob;

        assertThat(PlansIT.standings(http.post(participant + "/accept", "").json()))
                .contains("bob accepted");
        assertThat(PlansIT.standings(http.post(participant + "/decline", "").json()))
                .contains("bob declined");
        assertThat(http.delete(participant).status()).isEqualTo(204);
        assertThat(PlansIT.standings(http.get(plan).json())).containsExactly("ada accepted");
    }

    @ParameterizedTest
    @CsvSource({
        "pending, requested, booking, 'accept, decline, leave, confirm, cancel'",
        "pending, cancel_requested, withdrawing, 'accept, decline, leave, cancel'",
        "cancelled, cancel_requested, cancelling, cancel"
    })
    void whatTheProviderHasNotSettledStaysAsItIs(
            String planStatus, String bookingStatus, String state, String possible) {
        String plan = "/plans/" + evening.plan(ada, bob);
        http.post(plan + "/confirm", "");
        jdbc.sql("update plans set status = ?").param(planStatus).update();
        jdbc.sql("update bookings set status = ?").param(bookingStatus).update();
        String change = "{\"start_time\": \"2099-05-01T20:00:00Z\"}";

        assertThat(http.get(plan).json().path("state").asString()).isEqualTo(state);
        assertThat(http.get("/plans?user_id=" + bob).json().at("/0/state").asString())
                .isEqualTo(state);
        for (Http.Answer refused : List.of(
                http.patch(plan, change),
                http.put(plan + "/participants/" + evening.user("cleo"), ""),
                http.delete(plan))) {
            assertThat(refused.status()).as(refused.text()).isEqualTo(409);
            assertThat(refused.json().path("state").asString()).isEqualTo(state);
            assertThat(String.join(", ", steps(refused))).isEqualTo(possible);
        }
    }

    @Test
    void whatStartedCannotBeConfirmed() {
        String plan = evening.plan(ada);
        jdbc.sql("update plans set start_time = now() - interval '1 minute'").update();

        Http.Answer refused = http.post("/plans/" + plan + "/confirm", "");

        assertForbidden(refused, "pending", "change, invite, accept, decline, leave, cancel");
        assertThat(refused.detail()).contains("past", "start_time");
        assertForbidden(http.delete("/plans/" + plan), "pending", "change, invite, accept, decline, leave, cancel");
        assertThat(count("bookings")).isZero();
    }

    @Test
    void aCancelledPlanCanGoAndThenItsOrganizerAndVenue() {
        String plan = "/plans/" + evening.plan(ada, bob);
        http.post(plan + "/confirm", "");
        http.post(plan + "/cancel", "");

        assertThat(http.delete(plan).status()).isEqualTo(204);

        assertThat(http.get(plan).status()).isEqualTo(404);
        assertThat(count("booking_change")).isZero();
        assertThat(http.delete("/users/" + ada).status()).isEqualTo(204);
        assertThat(http.delete("/venues/" + evening.bar()).status()).isEqualTo(204);
    }

    private void assertForbidden(Http.Answer answer, String state, String possible) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(409);
        assertThat(answer.detail()).contains("is " + state, possible);
        assertThat(answer.json().path("state").asString()).isEqualTo(state);
        assertThat(String.join(", ", steps(answer))).isNotEmpty().endsWith(possible);
    }

    private static List<String> steps(Http.Answer refused) {
        List<String> steps = new ArrayList<>();
        refused.json().path("allowed_steps").forEach(step -> steps.add(step.asString()));
        return steps;
    }

    private long count(String table) {
        return jdbc.sql("select count(*) from " + table).query(Long.class).single();
    }

    private static List<String> statuses(JsonNode booking) {
        List<String> statuses = new ArrayList<>();
        booking.path("history")
                .forEach(change -> statuses.add(change.path("status").asString()));
        return statuses;
    }
}
