package dev.luna.batch.drill;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;

/** Calls of one server. */
record ServerClient(int port) {

    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    boolean isHealthy() throws InterruptedException {
        try {
            return CLIENT.send(HttpRequest.newBuilder(uri("/health")).build(), HttpResponse.BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException e) {
            return false;
        }
    }

    /** Posts nothing there. */
    CompletableFuture<HttpResponse<String>> post(String path) {
        return CLIENT.sendAsync(
                HttpRequest.newBuilder(uri(path))
                        .POST(HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:%d%s".formatted(port, path));
    }
}
