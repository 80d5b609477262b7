package dev.luna.batch.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.zip.GZIPInputStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What an independent implementation ranks for the files of a directory: its folder {@code expected}. Rankings agree
 * when ranks are equal and scores so to 1e-6; neighbours whose scores differ by less than 1e-9 may stand either way.
 */
public final class ExpectedRankings {

    /** How exact scores are served. */
    public static final double SERVED = 1e-6;

    private static final double TIE = 1e-9;

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private ExpectedRankings() {}

    /** One entry of a ranking. */
    public record Entry(UUID id, double score) {}

    /**
     * One user's ranking.
     *
     * @param venueId the venue that companions are ranked for; null in rankings of venues and of companions in general
     * @param components spatial, preference and popularity of each venue; empty in rankings of companions
     */
    public record Line(UUID userId, UUID venueId, List<Entry> entries, List<double[]> components) {}

    /** The first 50 venues of each user. */
    public static List<Line> venues(Path directory) throws IOException {
        return lines(directory.resolve("expected/venues.jsonl.gz"), "venues");
    }

    /** All companions of each user, in general. */
    public static List<Line> people(Path directory) throws IOException {
        return lines(directory.resolve("expected/people.jsonl.gz"), "companions");
    }

    /** All companions of each user at a venue; without one where no friend was anywhere. */
    public static List<Line> peopleAtVenue(Path directory) throws IOException {
        return lines(directory.resolve("expected/people-at-venue.jsonl.gz"), "companions");
    }

    /** Fails unless the actual ranking is the expected one. */
    public static void assertSame(String what, List<Entry> expected, List<Entry> actual) {
        assertThat(actual).as(what).hasSameSizeAs(expected);
        Map<UUID, Double> scores = new HashMap<>();
        expected.forEach(entry -> scores.put(entry.id(), entry.score()));
        for (int i = 0; i < expected.size(); i++) {
            Entry wanted = expected.get(i);
            Entry got = actual.get(i);
            String where = what + ", rank " + (i + 1) + ", expected " + wanted + ", got " + got;
            assertThat(Math.abs(got.score() - wanted.score())).as(where).isLessThan(SERVED);
            if (!got.id().equals(wanted.id())) {
                // A tie with a neighbour, or, at the end of a cut list, with one who is not listed.
                double score = scores.getOrDefault(
                        got.id(), expected.get(expected.size() - 1).score());
                assertThat(Math.abs(score - wanted.score())).as(where).isLessThan(TIE);
            }
        }
    }

    private static List<Line> lines(Path file, String list) throws IOException {
        try (BufferedReader in = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
            return in.lines().map(JSON::readTree).map(line -> line(line, list)).toList();
        }
    }

    private static Line line(JsonNode line, String list) {
        List<Entry> entries = new ArrayList<>();
        List<double[]> components = new ArrayList<>();
        for (JsonNode entry : line.get(list)) {
            entries.add(new Entry(
                    UUID.fromString(entry.get(0).asString()), entry.get(1).asDouble()));
            if (entry.size() > 2) {
                components.add(new double[] {
                    entry.get(2).asDouble(),
                    entry.get(3).asDouble(),
                    entry.get(4).asDouble()
                });
            }
        }
        JsonNode venue = line.path("venue_id");
        return new Line(
                UUID.fromString(line.get("user_id").asString()),
                venue.isString() ? UUID.fromString(venue.asString()) : null,
                entries,
                components);
    }
}
