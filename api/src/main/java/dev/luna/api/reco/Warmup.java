package dev.luna.api.reco;

import dev.luna.api.web.ServerUrl;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Asks the server itself for rankings before it calls itself ready, once each and then again for a while, so that the first
 * client does not wait for the venue index, for connections, and for classes to be loaded and compiled. A server that cannot
 * reach itself is ready all the same; one that is stopped meanwhile says nothing.
 */
@Component
class Warmup implements ApplicationRunner {

    private static final Logger log = LoggerFactory.getLogger(Warmup.class);
    private static final int USERS = 10;

    private final JdbcClient jdbc;
    private final ConfigurableApplicationContext context;
    private final ServerProperties server;
    private final Duration atLeast;

    Warmup(
            JdbcClient jdbc,
            ConfigurableApplicationContext context,
            ServerProperties server,
            RecoProperties properties) {
        this.jdbc = jdbc;
        this.context = context;
        this.server = server;
        this.atLeast = properties.warmUp();
    }

    @Override
    public void run(ApplicationArguments arguments) throws InterruptedException {
        String url = ServerUrl.of(server, context.getEnvironment());
        try {
            ask(url);
        } catch (IOException e) {
            if (!context.isClosed()) {
                log.warn("The server could not warm itself up at {}: {}", url, e.toString());
            }
        } catch (DataAccessException e) {
            // Stopped while it starts: nobody waits for it any more.
            if (!context.isClosed()) {
                throw e;
            }
        }
    }

    /** @throws IOException when it does not answer, or does not know itself by the name it was asked by */
    private void ask(String url) throws IOException, InterruptedException {
        List<String> paths = paths();
        HttpClient client =
                HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
        long began = System.nanoTime();
        do {
            for (String path : paths) {
                int status = client.send(
                                HttpRequest.newBuilder(URI.create(url + path))
                                        .timeout(Duration.ofSeconds(10))
                                        .build(),
                                HttpResponse.BodyHandlers.discarding())
                        .statusCode();
                // Any other answer, such as that a user is gone, warms it too.
                if (status == HttpStatus.MISDIRECTED_REQUEST.value()) {
                    throw new IOException(path + " answered " + status);
                }
            }
        } while (System.nanoTime() - began < atLeast.toNanos());
    }

    private List<String> paths() {
        List<String> paths = new ArrayList<>(List.of("/health", "/users?limit=1", "/venues?limit=1"));
        jdbc.sql("select id from users order by id limit :users")
                .param("users", USERS)
                .query(UUID.class)
                .list()
                .forEach(user -> {
                    paths.add("/reco/venues/" + user);
                    paths.add("/reco/people/" + user);
                    // What is not stored is scored: this builds the index that scoring searches.
                    paths.add("/reco/venues/" + user + "?exclude=visited");
                });
        return paths;
    }
}
