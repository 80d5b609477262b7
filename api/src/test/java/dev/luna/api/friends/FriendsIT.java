package dev.luna.api.friends;

import static org.assertj.core.api.Assertions.assertThat;

import dev.luna.api.web.Http;
import dev.luna.api.web.ServerTest;
import dev.luna.batch.run.Eventually;
import java.sql.Connection;
import java.sql.Statement;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

class FriendsIT extends ServerTest {

    private String ada;
    private String grace;

    @BeforeEach
    void adaAndGrace() {
        ada = user("ada");
        grace = user("grace");
    }

    @Test
    void anEdgeIsCreatedThenReplaced() {
        String path = "/users/" + ada + "/friends/" + grace;

        Http.Answer created = http.put(path, "{\"strength\": 0.8, \"relationship_type\": \"mutual\"}");
        Http.Answer replaced = http.put(path, "{\"strength\": 0.4}");

        assertThat(created.status()).isEqualTo(201);
        assertThat(created.json().propertyNames())
                .containsExactly(
                        "user_id", "other_user_id", "handle", "name", "relationship_type", "strength", "created_at");
        assertThat(created.json().path("relationship_type").asString()).isEqualTo("mutual");
        assertThat(replaced.status()).isEqualTo(200);
        assertThat(replaced.json().path("strength").asDouble()).isEqualTo(0.4);
        assertThat(replaced.json().path("relationship_type").asString()).isEqualTo("friend");
        assertThat(http.get("/users/" + ada + "/friends").json().size()).isEqualTo(1);
    }

    @Test
    void anEdgeToSomebodyWhoIsBeingImportedWithItIsReplaced(@Autowired DataSource dataSource) throws Exception {
        String bob = UUID.randomUUID().toString();
        ExecutorService client = Executors.newSingleThreadExecutor();
        try (Connection importing = dataSource.getConnection();
                Statement statement = importing.createStatement()) {
            importing.setAutoCommit(false);
            statement.execute("insert into users (id, handle, name) values ('%s', 'bob', 'Bob')".formatted(bob));
            statement.execute("insert into user_social_edges (user_id, other_user_id, relationship_type, strength)"
                    + " values ('%s', '%s', 'mutual', 0.9)".formatted(ada, bob));
            Future<Http.Answer> put = client.submit(() -> http.put("/users/" + ada + "/friends/" + bob, "{}"));
            Eventually.holds("it waits", () -> put.isDone() || waiting());
            importing.commit();

            // 503 where this took longer than it waits.
            assertThat(put.get().status()).isIn(200, 503);
        } finally {
            client.shutdownNow();
        }
    }

    private boolean waiting() {
        return jdbc.sql("select exists (select from pg_locks where not granted)")
                .query(Boolean.class)
                .single();
    }

    @Test
    void theBodyMayBeLeftOut() {
        Http.Answer created = http.send("PUT", "/users/" + ada + "/friends/" + grace, null);

        assertThat(created.status()).isEqualTo(201);
        assertThat(created.json().path("strength").asDouble()).isEqualTo(0.5);
    }

    @Test
    void anEdgeHasOneDirection() {
        http.put("/users/" + ada + "/friends/" + grace, "{}");

        assertThat(http.get("/users/" + grace + "/friends").json().size()).isZero();
    }

    @Test
    void aDeletedEdgeIsGone() {
        String path = "/users/" + ada + "/friends/" + grace;
        http.put(path, "{}");

        assertThat(http.delete(path).status()).isEqualTo(204);
        assertThat(http.delete(path).status()).isEqualTo(404);
    }

    @Test
    void bothEndsMustExistAndDiffer() {
        assertThat(http.put("/users/" + ada + "/friends/" + UUID.randomUUID(), "{}")
                        .status())
                .isEqualTo(404);
        assertThat(http.put("/users/" + UUID.randomUUID() + "/friends/" + ada, "{}")
                        .status())
                .isEqualTo(404);
        assertThat(http.put("/users/" + ada + "/friends/" + ada, "{}").status()).isEqualTo(400);
        assertThat(http.get("/users/" + UUID.randomUUID() + "/friends").status())
                .isEqualTo(404);
    }

    @Test
    void strengthAndTypeAreChecked() {
        String path = "/users/" + ada + "/friends/" + grace;

        assertThat(http.put(path, "{\"strength\": 1.01}").status()).isEqualTo(422);
        assertThat(http.put(path, "{\"strength\": \"0.5\"}").status()).isEqualTo(400);
        assertThat(http.put(path, "{\"relationship_type\": \"enemy\"}").detail())
                .contains("relationship_type", "friend, mutual, suggested", "enemy");
        assertThat(http.put(path, "{\"relationship_type\": 0}").status()).isEqualTo(400);
    }

    @Test
    void pagesHoldEveryFriendOnce() {
        for (int i = 0; i < 5; i++) {
            http.put("/users/" + ada + "/friends/" + user("f" + i), "{}");
        }

        int seen = 0;
        String next = "/users/" + ada + "/friends?limit=2";
        while (next != null) {
            Http.Answer page = http.get(next);
            seen += page.json().size();
            next = page.next().orElse(null);
        }

        assertThat(seen).isEqualTo(5);
        next = http.get("/users/" + ada + "/friends?limit=2").next().orElseThrow();
        assertThat(http.get(next.replace(ada, grace)).detail())
                .startsWith("cursor: must come from a page of the same list");
    }

    private String user(String handle) {
        return http.post("/users", "{\"handle\": \"%s\", \"name\": \"%s\"}".formatted(handle, handle))
                .json()
                .path("id")
                .asString();
    }
}
