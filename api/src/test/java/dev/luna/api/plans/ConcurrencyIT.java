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
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** Many clients at once, on real connections. */
class ConcurrencyIT extends ServerTest {

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
    void twoHundredConfirmationsMakeOneBookingAndGetOneAnswer() throws Exception {
        String plan = evening.plan(ada, bob);

        List<Http.Answer> answers = atOnce(200, i -> http.post("/plans/" + plan + "/confirm", ""));

        assertThat(answers).extracting(Http.Answer::status).containsOnly(200);
        assertThat(answers.stream().map(Http.Answer::text).collect(Collectors.toSet()))
                .hasSize(1);
        assertThat(count("bookings")).isEqualTo(1);
        assertThat(count("booking_change")).isEqualTo(2);
    }

    @Test
    void oneKeyMakesOnePlanHoweverOftenItIsSentAtOnce() throws Exception {
        String body = evening.body(ada, Evening.tomorrow(), bob);

        List<Http.Answer> answers = atOnce(
                40,
                i -> http.send("POST", "/plans", body, "Content-Type", "application/json", "Idempotency-Key", "same"));

        assertThat(answers).extracting(Http.Answer::status).isSubsetOf(201, 409).contains(201);
        assertThat(count("plans")).isEqualTo(1);
    }

    @Test
    void friendsOfEachOtherAreDeletedAtOnce() throws Exception {
        jdbc.sql("insert into users (handle, name) select 'friend' || i, 'F' from generate_series(1, 60) i")
                .update();
        jdbc.sql("""
                        insert into user_social_edges (user_id, other_user_id, relationship_type, strength)
                        select a.id, b.id, 'friend', 0.5 from users a join users b on a.id <> b.id
                        """).update();
        List<String> friends =
                jdbc.sql("select id::text from users").query(String.class).list();

        List<Http.Answer> answers = atOnce(friends.size(), i -> http.delete("/users/" + friends.get(i)));

        assertThat(answers).extracting(Http.Answer::status).containsOnly(204);
        assertThat(count("user_social_edges")).isZero();
    }

    /** The answer comes while the cancellation is not yet committed, and waits for it. */
    @Test
    void whatIsBeingCancelledCannotBeAcceptedAnyMore() throws Exception {
        String plan = "/plans/" + evening.plan(ada, bob);

        Http.Answer answer = meanwhile(
                "update plans set status = 'cancelled'",
                () -> http.post(plan + "/participants/" + bob + "/accept", ""));

        assertThat(answer.status()).isEqualTo(409);
        assertThat(PlansIT.standings(http.get(plan).json())).contains("bob invited");
    }

    /** The deletion is not yet committed when he is invited, and is waited for. */
    @Test
    void whoIsBeingDeletedIsNotInvited() throws Exception {
        String guest = "/plans/" + evening.plan(ada) + "/participants/" + bob;

        Http.Answer answer = meanwhile("delete from users where id = '" + bob + "'", () -> http.put(guest, ""));

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.detail()).contains("No user", bob);
    }

    /** Whoever is about to ask the provider has counted that, but not yet committed it. */
    @Test
    void aBookingThatIsAboutToBeAskedForIsTakenBack() throws Exception {
        String plan = "/plans/" + evening.plan(ada, bob);
        http.post(plan + "/confirm", "");
        jdbc.sql("update plans set status = 'pending'").update();
        jdbc.sql("update bookings set status = 'requested', calls = 0, claimed_until = now() + interval '1 minute'")
                .update();

        meanwhile("update bookings set calls = 1", () -> http.post(plan + "/cancel", ""));

        assertThat(count("bookings where status = 'cancel_requested'")).isEqualTo(1);
    }

    @Test
    void aPlanTakesFiftyPeopleFromAnyNumberOfInvitations() throws Exception {
        String plan = evening.plan(ada);
        List<String> guests = jdbc.sql("""
                        insert into users (handle, name) select 'guest' || i, 'Guest' from generate_series(1, 60) i
                        returning id::text
                        """).query(String.class).list();

        List<Http.Answer> answers = atOnce(60, i -> http.put("/plans/" + plan + "/participants/" + guests.get(i), ""));

        assertThat(answers).extracting(Http.Answer::status).containsOnly(201, 409);
        assertThat(count("plan_participants")).isEqualTo(50);
    }

    @Test
    void cancellingAndConfirmingAtOnceNeverLeavesABookingOfACancelledPlan() throws Exception {
        Set<Integer> statuses = new TreeSet<>();
        for (int round = 0; round < 15; round++) {
            String plan = "/plans/" + evening.plan(ada, bob);

            atOnce(8, i -> http.post(plan + (i % 2 == 0 ? "/confirm" : "/cancel"), ""))
                    .forEach(answer -> statuses.add(answer.status()));

            assertThat(http.get(plan).json().path("status").asString()).isEqualTo("cancelled");
        }
        assertThat(statuses).isSubsetOf(200, 202, 409);
        assertThat(count("bookings where status in ('requested', 'confirmed')")).isZero();
        // Whoever lost his claim to a confirmation under way has left nothing for the sweep.
        assertThat(count("bookings where status = 'cancel_requested'")).isZero();
    }

    /** What they are read from may have to be loaded first, and a plan under way keeps a connection and locks. */
    @Test
    void companionsAreAskedForBeforeThePlanBegins() throws Exception {
        http.put("/users/%s/friends/%s".formatted(ada, bob), "{}");
        String body = evening.body(ada, Evening.tomorrow());
        String[] headers = {"Content-Type", "application/json", "Idempotency-Key", "waits"};
        ExecutorService client = Executors.newSingleThreadExecutor();
        try (Connection other = dataSource.getConnection();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("lock table user_venue_interactions in access exclusive mode");
            Future<Http.Answer> plan = client.submit(() -> http.send("POST", "/plans?invite_top=1", body, headers));
            awaitThatItWaits(plan);
            assertThat(
                            count(
                                    "pg_locks where mode = 'RowExclusiveLock' and relation = 'plans'::regclass or locktype = 'advisory'"))
                    .isZero();
            other.rollback();
            assertThat(PlansIT.standings(plan.get().json())).containsExactlyInAnyOrder("ada accepted", "bob invited");
        } finally {
            client.shutdownNow();
        }
    }

    /** Between the plan and its people, who wait, it is deleted. */
    @Test
    void aPlanAndItsPeopleAreOfOneMoment() throws Exception {
        String plan = evening.plan(ada, bob);
        ExecutorService clients = Executors.newFixedThreadPool(2);
        try (Connection other = dataSource.getConnection();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("lock table users in access exclusive mode");
            Future<Http.Answer> one = clients.submit(() -> http.get("/plans/" + plan));
            Future<Http.Answer> list = clients.submit(() -> http.get("/plans?user_id=" + ada));
            while (count("pg_locks where not granted and relation = 'users'::regclass") < 2) {
                assertThat(one.isDone() || list.isDone()).isFalse();
            }
            statement.execute("delete from plans");
            other.commit();

            assertThat(one.get().status()).isEqualTo(404);
            assertThat(list.get().text()).isEqualTo("[]");
        } finally {
            clients.shutdownNow();
        }
    }

    @Test
    void oneHandleGoesToOneOfMany() throws Exception {
        List<Http.Answer> answers = atOnce(40, i -> http.post("/users", "{\"handle\": \"cleo\", \"name\": \"Cleo\"}"));

        assertThat(answers)
                .extracting(Http.Answer::status)
                .containsOnlyOnce(201)
                .containsOnly(201, 409);
        assertThat(count("users where handle = 'cleo'")).isEqualTo(1);
    }

    @Test
    void oneEdgeIsMadeByOneOfMany() throws Exception {
        List<Http.Answer> answers = atOnce(40, i -> http.put("/users/%s/friends/%s".formatted(ada, bob), "{}"));

        assertThat(answers)
                .extracting(Http.Answer::status)
                .containsOnlyOnce(201)
                .containsOnly(200, 201);
        assertThat(count("user_social_edges")).isEqualTo(1);
    }

    /** The second change begins while the first is not yet committed, and waits for it. */
    @Test
    void changesOfDifferentFieldsBothStay() throws Exception {
        assertBothStay("users", ada, "{\"age\": 36}", "/age", "36");
        assertBothStay("venues", evening.bar(), "{\"category\": \"pub\"}", "/category", "pub");
    }

    private void assertBothStay(String table, String id, String change, String field, String value) throws Exception {
        String path = "/" + table + "/" + id;
        Http.Answer second = meanwhile(
                "update %s set name = 'Changed' where id = '%s'".formatted(table, id), () -> http.patch(path, change));
        assertThat(second.status()).as(table).isEqualTo(200);
        assertThat(http.get(path).json().path("name").asString()).isEqualTo("Changed");
        assertThat(http.get(path).json().at(field).asString()).isEqualTo(value);
    }

    /** Makes a call while another transaction has done something, and commits that when the call waits for it. */
    private Http.Answer meanwhile(String change, Callable<Http.Answer> call) throws Exception {
        ExecutorService client = Executors.newSingleThreadExecutor();
        try (Connection first = dataSource.getConnection();
                Statement statement = first.createStatement()) {
            first.setAutoCommit(false);
            statement.execute(change);
            Future<Http.Answer> second = client.submit(() -> answered(call));
            awaitThatItWaits(second);
            first.commit();
            return second.get();
        } finally {
            client.shutdownNow();
        }
    }

    private void awaitThatItWaits(Future<Http.Answer> call) throws InterruptedException {
        Eventually.holds("the call waits for a lock", () -> {
            assertThat(call).isNotDone();
            return Sessions.waiting(jdbc) > 0;
        });
    }

    /** Calls again, as clients are told to, when a lock was not to be had in time, which a slow machine may take. */
    private static Http.Answer answered(Callable<Http.Answer> call) throws Exception {
        Http.Answer answer = call.call();
        for (int again = 0; answer.status() == 503 && again < 20; again++) {
            answer = call.call();
        }
        return answer;
    }

    private static List<Http.Answer> atOnce(int clients, IntFunction<Http.Answer> call) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(clients);
        try {
            CyclicBarrier start = new CyclicBarrier(clients);
            List<Future<Http.Answer>> pending = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                int client = i;
                pending.add(threads.submit(() -> {
                    start.await();
                    return answered(() -> call.apply(client));
                }));
            }
            List<Http.Answer> answers = new ArrayList<>();
            for (Future<Http.Answer> answer : pending) {
                answers.add(answer.get());
            }
            return answers;
        } finally {
            threads.shutdownNow();
        }
    }

    private long count(String rows) {
        return jdbc.sql("select count(*) from " + rows).query(Long.class).single();
    }
}
