package dev.luna.api.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.luna.batch.database.TestDatabase;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The whole application on a port of its own and an empty database; one context serves all tests that extend it. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"luna.schedule.enabled=false", "luna.reco.warm-up=0s", "luna.http.hosts=luna.example"})
public abstract class ServerTest {

    @Autowired
    protected JdbcClient jdbc;

    protected Http http;

    @LocalServerPort
    private int port;

    @BeforeEach
    void emptyDatabase() {
        TestDatabase.clear(jdbc);
        http = new Http(port);
    }

    protected int port() {
        return port;
    }

    /** What comes back for these very bytes, which must ask for the connection's end. */
    protected String raw(String request) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    protected void like(Object user, Object venue) {
        Http.Answer answer = http.post(
                "/venues/" + venue + "/interactions",
                "{\"user_id\": \"%s\", \"interaction_type\": \"like\"}".formatted(user));
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
    }
}
