package dev.luna.api.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.luna.api.plans.Evening;
import dev.luna.batch.run.Eventually;
import java.sql.Connection;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** An import may have minutes of work behind it, so of a write and an import that wait for each other, the write ends. */
class ImportsBesideWritesIT extends ServerTest {

    @Autowired
    private DataSource dataSource;

    /** A write that comes to wait for what an import did, and what the import then does and has to wait for it. */
    private record Circle(String before, String method, String path, String body, String after) {}

    @ParameterizedTest
    @ValueSource(
            strings = {"batch", "deleted user", "deleted venue", "edge", "deleted edge", "changed user", "new plan"})
    void anImportIsNotEndedForAWriteThatItMeets(String write) throws Exception {
        Circle circle = circles().get(write);
        ExecutorService client = Executors.newSingleThreadExecutor();
        try (Connection importing = dataSource.getConnection();
                Statement statement = importing.createStatement()) {
            importing.setAutoCommit(false);
            statement.execute(circle.before());
            Future<Http.Answer> answer = client.submit(
                    () -> http.send(circle.method(), circle.path(), circle.body(), "Content-Type", "application/json"));
            // Once it has looked for a circle in vain, it is the other one that finds it.
            Eventually.holds("it gave up, or has looked", () -> answer.isDone() || hasLookedForACircle());

            statement.execute(circle.after());
            importing.commit();

            assertThat(answer.get().status()).isEqualTo(503);
        } finally {
            client.shutdownNow();
        }
    }

    @ParameterizedTest
    @CsvSource({"1ms, 1ms", "1s, 400ms", "1500ms, 600ms", "1min, 3s"})
    void whoGivesWayDoesSoBeforeAnybodyLooks(
            String deadlockTimeout, String patience, @Autowired PlatformTransactionManager transactions) {
        new TransactionTemplate(transactions).executeWithoutResult(status -> {
            jdbc.sql("set local deadlock_timeout = '" + deadlockTimeout + "'").update();

            WriteTransactions.waitBriefly(jdbc);

            assertThat(jdbc.sql("show lock_timeout").query(String.class).single())
                    .isEqualTo(patience);
        });
    }

    private Map<String, Circle> circles() {
        Evening evening = new Evening(http);
        String ada = evening.user("ada");
        String bob = evening.user("bob");
        String bar = evening.bar();
        // In the order in which their changes are recorded.
        String first = ada.compareTo(bob) < 0 ? ada : bob;
        String second = first.equals(ada) ? bob : ada;
        String edge = "/users/%s/friends/%s".formatted(second, first);
        String like = "{\"user_id\": \"%s\", \"venue_id\": \"" + bar + "\", \"interaction_type\": \"like\"}";
        http.put(edge, "{}");
        http.post("/interactions:batch", "[" + like.formatted(second) + "]");
        String likes = "[" + like.formatted(first) + ", " + like.formatted(second) + "]";
        String changes = "{\"handle\": \"cleo\", \"home_lat\": 3, \"home_lng\": 4}";
        String plan = evening.body(first, Evening.tomorrow(), second);

        String moveSecond = "update users set home_lat = 1, home_lng = 2 where id = '" + second + "'";
        String rename = "update users set handle = handle || '2' where id = '%s'";
        String visit = "insert into user_venue_interactions (user_id, venue_id, interaction_type) values ('%s', '" + bar
                + "', 'view')";
        String visitOfFirst = visit.formatted(first);
        String befriend = "insert into user_social_edges (user_id, other_user_id, relationship_type, strength)"
                + " values ('" + first + "', '" + second + "', 'friend', 1)";
        String weaken = "update user_social_edges set strength = 0.1";
        return Map.of(
                "batch",
                new Circle(moveSecond, "POST", "/interactions:batch", likes, visitOfFirst),
                "deleted user",
                new Circle(moveSecond, "DELETE", "/users/" + first, "", visitOfFirst),
                "deleted venue",
                new Circle(moveSecond, "DELETE", "/venues/" + bar, "", visitOfFirst),
                "edge",
                new Circle(visitOfFirst, "PUT", "/users/%s/friends/%s".formatted(first, second), "{}", befriend),
                "deleted edge",
                new Circle(visit.formatted(second), "DELETE", edge, "", weaken),
                "changed user",
                new Circle(weaken, "PATCH", "/users/" + second, changes, visit.formatted(second)),
                "new plan",
                new Circle(rename.formatted(second), "POST", "/plans", plan, rename.formatted(first)));
    }

    private boolean hasLookedForACircle() {
        return jdbc.sql("""
                        select exists (
                          select from pg_locks
                          where not granted
                            and waitstart < clock_timestamp() - 1.1 * current_setting('deadlock_timeout')::interval)
                        """).query(Boolean.class).single();
    }
}
