package dev.luna.api.demo;

import dev.luna.batch.database.ShownText;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Shows what a like does to a ranking, by calls over HTTP that it prints so that they can be repeated by hand. Leaves one
 * like behind, at a venue of rank 4 to 8 where the person has done nothing yet; when there is none, only shows the list.
 */
final class Tour {

    private static final int SHOWN = 8;
    private static final int NAME_LENGTH = 24;

    /** A like that is worth 0.2 lifts a venue from here on up where it can be seen to move. */
    private static final int FIRST_TO_LIKE = 4;

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final JsonMapper mapper = JsonMapper.builder().build();
    private final HttpClient client = HttpClient.newHttpClient();
    private final String url;
    private final PrintStream out;

    Tour(String url, PrintStream out) {
        this.url = url;
        this.out = out;
    }

    /** @throws IOException if the server does not answer as expected */
    void of(UUID userId, String name) throws IOException, InterruptedException {
        String question = "%s/reco/venues/%s?limit=%d".formatted(url, userId, SHOWN);
        out.printf("%n  %s's best venues:%n    curl '%s'%n", ShownText.of(name), question);
        JsonNode before = get(question);
        for (JsonNode venue : before) {
            print(venue, "");
        }
        Optional<JsonNode> liked = toLike(before);
        if (liked.isEmpty()) {
            return;
        }
        String venueId = liked.get().path("venue_id").asString();
        String like = "{\"user_id\": \"%s\", \"interaction_type\": \"like\"}".formatted(userId);
        String likes = "%s/venues/%s/interactions".formatted(url, venueId);
        out.printf(
                "%n  %s likes %s:%n",
                ShownText.of(name), ShownText.of(liked.get().path("venue_name").asString()));
        out.printf("    curl '%s' -H 'Content-Type: application/json' -d '%s'%n", likes, like);
        post(likes, like);
        out.printf("%n  The same question again, answered at once by what is known now:%n    curl '%s'%n", question);
        for (JsonNode venue : get(question)) {
            print(venue, move(venue, before));
        }
    }

    /** The lowest of those shown where the person has done nothing yet. */
    private static Optional<JsonNode> toLike(JsonNode ranking) {
        JsonNode found = null;
        for (JsonNode venue : ranking) {
            boolean isUnknown = venue.path("preference_score").asDouble() == 0;
            if (isUnknown && venue.path("rank").asInt() >= FIRST_TO_LIKE) {
                found = venue;
            }
        }
        return Optional.ofNullable(found);
    }

    private void print(JsonNode venue, String note) {
        out.printf(
                Locale.ROOT,
                "    %2d  %-24s  %.4f  near %.2f  liked %.2f  popular %.2f%s%n",
                venue.path("rank").asInt(),
                ShownText.start(ShownText.of(venue.path("venue_name").asString()), NAME_LENGTH),
                venue.path("score").asDouble(),
                venue.path("spatial_score").asDouble(),
                venue.path("preference_score").asDouble(),
                venue.path("popularity_score").asDouble(),
                note);
    }

    /** What became of a venue since, and why; empty when nothing did. */
    private static String move(JsonNode venue, JsonNode before) {
        JsonNode earlier = null;
        for (JsonNode candidate : before) {
            if (candidate.path("venue_id").equals(venue.path("venue_id"))) {
                earlier = candidate;
            }
        }
        if (earlier == null) {
            return "  <- new";
        }
        double gained = venue.path("score").asDouble() - earlier.path("score").asDouble();
        int from = earlier.path("rank").asInt();
        String moved = from == venue.path("rank").asInt() ? "" : "  <- was " + from;
        if (Math.abs(gained) < 1e-6) {
            return moved;
        }
        return (moved.isEmpty() ? "  <- " : moved + ", ")
                + String.format(
                        Locale.ROOT,
                        "liked %.2f -> %.2f: %+.4f",
                        earlier.path("preference_score").asDouble(),
                        venue.path("preference_score").asDouble(),
                        gained);
    }

    private JsonNode get(String address) throws IOException, InterruptedException {
        return answer(address, null);
    }

    private void post(String address, String json) throws IOException, InterruptedException {
        answer(address, json);
    }

    private JsonNode answer(String address, @Nullable String json) throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(address)).timeout(PATIENCE);
        if (json != null) {
            request.header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString(json));
        }
        HttpResponse<String> response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() >= 300) {
            throw new IOException(address + " answered " + response.statusCode() + ": " + response.body());
        }
        return mapper.readTree(response.body());
    }
}
