package dev.luna.api.runs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.luna.api.web.Http;
import dev.luna.api.web.ServerTest;
import dev.luna.batch.run.Runs;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

class RunListIT extends ServerTest {

    @Autowired
    private Runs runs;

    @BeforeEach
    void someoneAndSomewhere() {
        http.post("/users", "{\"handle\": \"ada\", \"name\": \"Ada\"}");
        http.post("/venues", "{\"name\": \"Bar\", \"lat\": 1, \"lng\": 2}");
    }

    @Test
    void runsAreFilteredByStateAndKind() throws InterruptedException {
        long id = http.post("/runs", "{}").json().path("id").asLong();
        awaitEnd(id);

        assertThat(http.get("/runs?state=completed&state=held&kind=full").json().size())
                .isEqualTo(1);
        assertThat(http.get("/runs?state=failed").json().size()).isZero();
        assertThat(http.get("/runs?kind=refresh").json().size()).isZero();
        Http.Answer unknown = http.get("/runs?state=done");
        assertThat(unknown.status()).isEqualTo(400);
        assertThat(unknown.detail()).contains("state: must be one of running, stopped, failed, held, completed");
    }

    @Test
    void runsAreListedNewestFirstPageByPage() throws InterruptedException {
        List<Long> ids = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            long id = http.post("/runs", "{}").json().path("id").asLong();
            awaitEnd(id);
            ids.add(0, id);
        }

        List<Long> walked = new ArrayList<>();
        String next = "/runs?limit=2";
        while (next != null) {
            Http.Answer page = http.get(next);
            page.json().forEach(run -> walked.add(run.path("id").asLong()));
            next = page.next().orElse(null);
        }

        assertThat(walked).isEqualTo(ids);
    }

    @Test
    void aPageGoesOnUnderItsOwnFiltersOnly() throws InterruptedException {
        awaitEnd(http.post("/runs", "{}").json().path("id").asLong());
        awaitEnd(http.post("/runs", "{}").json().path("id").asLong());
        String next = http.get("/runs?limit=1&state=completed&kind=full").next().orElseThrow();

        assertThat(http.get(next).json().size()).isEqualTo(1);
        for (String filter : List.of("&state=completed", "&kind=full")) {
            Http.Answer other = http.get(next.replace(filter, ""));
            assertThat(other.status()).as(filter).isEqualTo(400);
            assertThat(other.detail()).contains("cursor", "the same filters");
        }
    }

    private void awaitEnd(long id) throws InterruptedException {
        runs.await(id, progress -> {});
    }
}
