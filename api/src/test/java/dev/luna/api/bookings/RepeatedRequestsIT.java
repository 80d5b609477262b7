package dev.luna.api.bookings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.luna.api.plans.Evening;
import dev.luna.api.web.ServerTest;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A booking whose first answer was lost: what is sent again. */
class RepeatedRequestsIT extends ServerTest {

    private static final FakeProvider PROVIDER = new FakeProvider();

    @Autowired
    private BookingSweep sweep;

    private Evening evening;
    private String ada;
    private String plan;

    @DynamicPropertySource
    static void httpProvider(DynamicPropertyRegistry settings) {
        settings.add("luna.booking.provider", () -> "http");
        settings.add("luna.booking.http.url", PROVIDER::url);
        settings.add("luna.booking.http.secret", () -> FakeProvider.SECRET);
        settings.add("luna.booking.http.timeout", () -> "5s");
        settings.add("luna.booking.http.retries", () -> "1");
        settings.add("luna.booking.http.backoff", () -> "10ms");
    }

    @BeforeEach
    void aPlan() {
        PROVIDER.reset();
        evening = new Evening(http);
        ada = evening.user("ada");
        plan = "/plans/" + evening.plan(ada, evening.user("bob"));
    }

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

    /** As if the pause between attempts had passed. */
    private void sweepNow() {
        jdbc.sql("update bookings set next_attempt_at = now()").update();
        sweep.run();
    }

    private String status() {
        return http.get(plan + "/booking").json().path("status").asString();
    }
}
