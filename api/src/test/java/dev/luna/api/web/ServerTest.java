package dev.luna.api.web;

import dev.luna.batch.database.TestDatabase;
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
}
