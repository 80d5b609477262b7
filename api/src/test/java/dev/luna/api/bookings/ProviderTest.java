package dev.luna.api.bookings;

import dev.luna.api.plans.Evening;
import dev.luna.api.web.ServerTest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** A plan of ada's, and a provider that has 5 s for an answer and a second attempt. */
abstract class ProviderTest extends ServerTest {

    static final FakeProvider PROVIDER = new FakeProvider();

    @Autowired
    BookingSweep sweep;

    Evening evening;
    String ada;
    String plan;

    @DynamicPropertySource
    static void httpProvider(DynamicPropertyRegistry settings) {
        PROVIDER.configure(settings, "5s", 1);
    }

    @BeforeEach
    void aPlan() {
        PROVIDER.reset();
        evening = new Evening(http);
        ada = evening.user("ada");
        plan = "/plans/" + evening.plan(ada, evening.user("bob"));
    }

    /** As if the pause between attempts had passed. */
    void sweepNow() {
        jdbc.sql("update bookings set next_attempt_at = now()").update();
        sweep.run();
    }

    String planStatus() {
        return http.get(plan).json().path("status").asString();
    }

    /** Of the plan's booking. */
    String status() {
        return http.get(plan + "/booking").json().path("status").asString();
    }

    List<String> history() {
        return changes("status");
    }

    /** What the history of the plan's booking says of each step. */
    List<String> changes(String field) {
        List<String> values = new ArrayList<>();
        http.get(plan + "/booking")
                .json()
                .path("history")
                .forEach(change -> values.add(change.path(field).asString()));
        return values;
    }
}
