package dev.luna.api.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.luna.api.plans.Evening;
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
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Writes beside a transaction that takes long, such as an import. */
class WaitingWritesIT extends ServerTest {

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

    private record Write(String method, String path, String body, int status) {

        Http.Answer send(Http http) {
            return http.send(
                    method,
                    path,
                    body,
                    "Content-Type",
                    "application/json",
                    "Idempotency-Key",
                    method + path.hashCode());
        }
    }

    /** One patience in all, because they wait side by side. */
    @Test
    void areToldToComeAgainAndChangeNothing() throws Exception {
        List<Write> writes = writes();
        ExecutorService clients = Executors.newFixedThreadPool(writes.size());
        try (Connection other = dataSource.getConnection();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            // Plain reads go on.
            statement.execute("lock table users, venues, user_social_edges, user_venue_interactions, plans"
                    + " in exclusive mode");
            List<Future<Http.Answer>> pending = new ArrayList<>();
            writes.forEach(write -> pending.add(clients.submit(() -> write.send(http))));

            assertThat(http.get("/venues/" + evening.bar()).status()).isEqualTo(200);
            for (int i = 0; i < writes.size(); i++) {
                Http.Answer answer = pending.get(i).get(20, TimeUnit.SECONDS);
                assertThat(answer.status())
                        .as("%s %s", writes.get(i), answer.text())
                        .isEqualTo(503);
                assertThat(answer.header("Retry-After")).contains("5");
                assertThat(answer.detail())
                        .isEqualTo("Another transaction, such as an import, holds what this call needs; nothing was"
                                + " changed, try again.");
            }
            other.rollback();
        } finally {
            clients.shutdownNow();
        }
        assertThat(http.get("/venues/" + evening.bar()).json().path("name").asString())
                .isEqualTo("Bar");
        for (Write write : writes) {
            Http.Answer again = write.send(http);
            assertThat(again.status()).as("%s %s", write, again.text()).isEqualTo(write.status());
            assertThat(again.header("Idempotent-Replayed")).isEmpty();
        }
    }

    private List<Write> writes() {
        String cleo = evening.user("cleo");
        String club = evening.venue("Club");
        String plan = "/plans/" + evening.plan(ada, bob);
        http.put("/users/%s/friends/%s".formatted(bob, ada), "{}");
        String like = "{\"user_id\": \"%s\", \"interaction_type\": \"like\"}".formatted(ada);
        String likes = "[{\"user_id\": \"%s\", \"venue_id\": \"%s\", \"interaction_type\": \"like\"}]";
        List<Write> writes = new ArrayList<>(List.of(
                new Write("POST", "/users", "{\"handle\": \"dora\", \"name\": \"Dora\"}", 201),
                new Write("PATCH", "/users/" + ada, "{\"age\": 36}", 200),
                new Write("DELETE", "/users/" + cleo, "", 204),
                new Write("POST", "/venues", "{\"name\": \"Pub\", \"lat\": 1, \"lng\": 2}", 201),
                new Write("PATCH", "/venues/" + evening.bar(), "{\"name\": \"Pub\"}", 200),
                new Write("DELETE", "/venues/" + club, "", 204),
                new Write("PUT", "/users/%s/friends/%s".formatted(ada, bob), "{}", 201),
                new Write("DELETE", "/users/%s/friends/%s".formatted(bob, ada), "", 204),
                new Write("POST", "/venues/%s/interactions".formatted(evening.bar()), like, 201),
                new Write("POST", "/interactions:batch", likes.formatted(ada, evening.bar()), 201),
                new Write("POST", "/plans", evening.body(ada, Evening.tomorrow()), 201),
                new Write("PATCH", plan, "{\"start_time\": \"2099-05-01T20:00:00Z\"}", 200),
                new Write("POST", plan + "/participants/" + bob + "/accept", "", 200),
                new Write("POST", plan + "/confirm", "", 200)));
        // The last of so many deletions has waited long enough before it is its turn.
        for (String user : List.of("eve", "finn", "gus", "hal")) {
            writes.add(new Write("DELETE", "/users/" + evening.user(user), "", 204));
        }
        return writes;
    }

    /** A popular venue has many interactions, which would be deleted first, and plans. */
    @Test
    void areRefusedBeforeTheyWaitForWhatTheyMayNotDelete() throws Exception {
        evening.plan(ada, bob);
        like(ada, evening.bar());
        try (Connection other = dataSource.getConnection();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("select from user_venue_interactions for update");

            assertThat(http.delete("/venues/" + evening.bar()).detail()).startsWith("1 plan(s) go to venue ");
            assertThat(http.delete("/users/" + ada).detail()).contains("organises 1 plan(s)");
        }
    }

    /** An import that changed venues keeps their catalog. */
    @Test
    void areToldAtOnceThatThereIsNothingToDelete() throws Exception {
        try (Connection importing = dataSource.getConnection();
                Statement statement = importing.createStatement()) {
            importing.setAutoCommit(false);
            statement.execute("select from venue_catalog for update");

            assertThat(http.delete("/venues/" + UUID.randomUUID()).status()).isEqualTo(404);
        }
    }

    /** An import does so at its end, and PostgreSQL would end one of two who wait for each other. */
    @Test
    void keepNobodyFromReferringToWhatTheyChange() throws Exception {
        String club = evening.venue("Club");
        List<Write> writes = List.of(
                new Write("PATCH", "/venues/" + evening.bar(), "{\"name\": \"Pub\"}", 200),
                new Write("DELETE", "/venues/" + club, "", 204));
        ExecutorService clients = Executors.newFixedThreadPool(writes.size());
        try (Connection importing = dataSource.getConnection();
                Statement statement = importing.createStatement()) {
            importing.setAutoCommit(false);
            statement.execute("insert into venues (name, lat, lng) values ('New', 1, 2)");
            List<Future<Http.Answer>> pending = new ArrayList<>();
            writes.forEach(write -> pending.add(clients.submit(() -> write.send(http))));
            Eventually.holds("both wait", () -> Sessions.waiting(jdbc) == writes.size());

            statement.execute("set local lock_timeout = '1s'");
            statement.execute("insert into user_venue_interactions (user_id, venue_id, interaction_type)"
                    + " select u.id, v.id, 'view' from users u cross join venues v");
            importing.commit();

            for (int i = 0; i < writes.size(); i++) {
                // 503 where this took longer than they wait.
                assertThat(pending.get(i).get().status()).isIn(writes.get(i).status(), 503);
            }
        } finally {
            clients.shutdownNow();
        }
    }

    /** An import that changes venues locks them first and the catalog at the end of the same statement. */
    @Test
    void takeNothingThatAnImportNeedsWhileTheyWaitForItsVenues() throws Exception {
        Write deletion = new Write("DELETE", "/venues/" + evening.venue("Club"), "", 204);
        ExecutorService client = Executors.newSingleThreadExecutor();
        try (Connection importing = dataSource.getConnection();
                Statement statement = importing.createStatement()) {
            importing.setAutoCommit(false);
            statement.execute("select from venues for no key update");
            Future<Http.Answer> pending = client.submit(() -> deletion.send(http));
            Eventually.holds("it waits", () -> Sessions.waiting(jdbc) == 1);

            statement.execute("set local lock_timeout = '500ms'");
            statement.execute("update venues set name = 'Pub'");
            importing.commit();

            // 503 where this took longer than it waits.
            assertThat(pending.get().status()).isIn(deletion.status(), 503);
        } finally {
            client.shutdownNow();
        }
    }

    /** Else it would keep everybody else, the sweep of bookings included, waiting for what it has locked. */
    @Test
    void endWithAProcessThatFreezesInThem() {
        jdbc.sql("""
                        create function refuse_endless() returns trigger language plpgsql as $$
                        begin
                          raise exception '% % would stay locked', tg_table_name, new.status;
                        end
                        $$;
                        create trigger refuse_endless before insert or update on plans for each row
                          when (current_setting('idle_in_transaction_session_timeout') <> '15s')
                          execute function refuse_endless();
                        create trigger refuse_endless before insert on booking_change for each row
                          when (current_setting('idle_in_transaction_session_timeout') <> '15s')
                          execute function refuse_endless();
                        """).update();
        try {
            String plan = "/plans/" + evening.plan(ada, bob);
            assertThat(http.post(plan + "/confirm", "").status()).isEqualTo(200);
            assertThat(http.post(plan + "/cancel", "").status()).isEqualTo(200);
        } finally {
            jdbc.sql("drop function refuse_endless() cascade").update();
        }
    }

    /** Both managers have one connection in a thread, so that what is done under either is done or undone as one. */
    @Test
    void joinATransactionThatIsUnderWay(
            @Autowired PlatformTransactionManager outer,
            @Autowired @Qualifier(WriteTransactions.NAME) PlatformTransactionManager inner) {
        new TransactionTemplate(outer).executeWithoutResult(status -> {
            new TransactionTemplate(inner)
                    .executeWithoutResult(joined ->
                            jdbc.sql("update users set name = 'Countess'").update());
            status.setRollbackOnly();
        });

        assertThat(http.get("/users/" + ada).json().path("name").asString()).isEqualTo("ada");
    }
}
