package dev.luna.api.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** What a client is told when the database has run out of something, or takes nothing. */
@ExtendWith(OutputCaptureExtension.class)
class FullDatabaseIT extends ServerTest {

    @Test
    void aFullDatabaseIsToldFromOneThatIsAway() {
        for (String state : new String[] {"53100", "53200", "53400"}) {
            Http.Answer full = postWhileTheDatabaseRaises(state);
            assertThat(full.status()).isEqualTo(503);
            assertThat(full.detail())
                    .isEqualTo("The database has no room left, on disk or in memory. Make room there and try again.");
            assertThat(full.header("Retry-After")).isPresent();
        }
        Http.Answer busy = postWhileTheDatabaseRaises("53300");
        assertThat(busy.status()).isEqualTo(503);
        assertThat(busy.detail()).startsWith("The database does not answer");
    }

    @Test
    void aDatabaseThatOnlyReadsIsNoErrorOfOurs() {
        Http.Answer refused = postWhileTheDatabaseRaises("25006");

        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.detail()).startsWith("The database only reads just now, as a standby does");
        assertThat(refused.header("Retry-After")).isPresent();
    }

    /** Nor, over many lines, where in the database's own code it failed. */
    @Test
    void theLogNamesTheCallButNotTheStatement(CapturedOutput output) {
        for (String state : new String[] {"40P01", "53100", "25006"}) {
            postWhileTheDatabaseRaises(state);
        }

        assertThat(output.getAll().lines().filter(line -> line.contains("could not extend file")))
                .hasSize(3)
                .allMatch(line ->
                        line.endsWith("POST /users: org.postgresql.util.PSQLException: ERROR: could not extend file"));
        assertThat(output.getAll()).doesNotContain("insert into", "PL/pgSQL");
    }

    private Http.Answer postWhileTheDatabaseRaises(String state) {
        jdbc.sql("""
                        create function refuse() returns trigger language plpgsql as
                        $$ begin raise exception 'could not extend file' using errcode = '%s'; end $$
                        """.formatted(state)).update();
        jdbc.sql("create trigger refuse before insert on users for each row execute function refuse()")
                .update();
        try {
            return http.post("/users", "{\"handle\": \"ada\", \"name\": \"Ada\"}");
        } finally {
            jdbc.sql("drop function refuse cascade").update();
        }
    }
}
