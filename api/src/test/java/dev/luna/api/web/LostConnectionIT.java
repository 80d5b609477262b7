package dev.luna.api.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.luna.batch.run.Eventually;
import java.sql.Connection;
import java.sql.Statement;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** What a client is told whose call loses its connection to the database halfway. */
class LostConnectionIT extends ServerTest {

    @Autowired
    private DataSource dataSource;

    /** The rollback then fails too, for a reason of its own, and is what is thrown. */
    @Test
    void oneThatIsLostInATransactionIsNoErrorOfOurs() throws Exception {
        Http.Answer answer =
                disconnected("users", () -> http.post("/users", "{\"handle\": \"ada\", \"name\": \"Ada\"}"));

        ProblemsIT.assertProblem(answer, 503);
        assertThat(answer.detail()).startsWith("The database does not answer");
        assertThat(answer.header("Retry-After")).isPresent();
    }

    @Test
    void healthAnswersInItsOwnShape() throws Exception {
        Http.Answer answer = disconnected("published_run", () -> http.get("/health"));

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.header("Content-Type")).contains("application/json");
        assertThat(answer.json().path("status").asString()).isEqualTo("unhealthy");
        assertThat(answer.detail()).isEqualTo("The database cannot be reached.");
    }

    /** Ends the call's connection while it waits for a table. */
    private Http.Answer disconnected(String table, Callable<Http.Answer> call) throws Exception {
        ExecutorService client = Executors.newSingleThreadExecutor();
        try (Connection other = dataSource.getConnection();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("lock table " + table + " in access exclusive mode");
            Future<Http.Answer> pending = client.submit(call);
            Eventually.holds("the call waits for the table and is cut off", () -> endWhoWaits() == 1);
            Http.Answer answer = pending.get(20, TimeUnit.SECONDS);
            other.rollback();
            return answer;
        } finally {
            client.shutdownNow();
        }
    }

    private int endWhoWaits() {
        return jdbc.sql("""
                        select count(pg_terminate_backend(a.pid))
                        from pg_locks l join pg_stat_activity a using (pid)
                        where not l.granted and a.datname = current_database()
                        """).query(Integer.class).single();
    }
}
