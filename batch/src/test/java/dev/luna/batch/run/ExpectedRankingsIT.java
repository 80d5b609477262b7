package dev.luna.batch.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.luna.batch.database.RunTables;
import dev.luna.batch.database.TestDatabase;
import dev.luna.batch.scoring.CompanionRanker;
import dev.luna.batch.scoring.CompanionRankingCodec;
import dev.luna.batch.scoring.RankedCompanion;
import dev.luna.batch.scoring.RankedVenue;
import dev.luna.batch.scoring.ScoringProfile;
import dev.luna.batch.scoring.VenueRankingCodec;
import dev.luna.batch.snapshot.StagedInputs;
import dev.luna.batch.snapshot.StagedInputsReader;
import dev.luna.batch.transfer.CsvImport;
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
import java.util.function.IntFunction;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Rankings of a run against those that an independent implementation gives for the same files: ranks equal, scores to
 * 1e-6; neighbours whose scores differ by less than 1e-9 may stand either way.
 */
@SpringBootTest
class ExpectedRankingsIT {

    private static final double SERVED = 1e-6;
    private static final double TIE = 1e-9;

    private static final JsonMapper JSON = JsonMapper.builder().build();

    @Autowired
    private CsvImport csvImport;

    @Autowired
    private Runs runs;

    @Autowired
    private RunLog runLog;

    @Autowired
    private StagedInputsReader staged;

    @Autowired
    private JdbcClient jdbc;

    @BeforeEach
    void emptyDatabase() {
        TestDatabase.clear(jdbc);
    }

    /** Made by {@code town/make.py}. */
    @Test
    void theTownsRankingsAreAsExpected() throws Exception {
        recomputeAndCompare(Path.of("src/test/resources/town"));
    }

    /** Real check-ins; they lie beside the project where it is developed, and are not part of it. */
    @Test
    void yelpsRankingsAreAsExpected() throws Exception {
        Path yelp = Path.of("../../shared/data/yelp");
        assumeThat(yelp).isDirectory();
        recomputeAndCompare(yelp);
    }

    private void recomputeAndCompare(Path directory) throws Exception {
        csvImport.importFrom(directory, (phase, done, total) -> {});
        Run run = runs.await(runs.start(RunKind.FULL, "ada").id(), progress -> {});
        assertThat(run.state()).as(run.sentence()).isEqualTo(RunState.COMPLETED);

        World world = new World(run.id(), staged.read(run.id()), runLog.profile(run.id()));
        Path expected = directory.resolve("expected");
        assertThat(compareVenues(world, expected.resolve("venues.jsonl.gz"))).isPositive();
        assertThat(compareCompanions(world, expected.resolve("people.jsonl.gz")))
                .isPositive();
        assertThat(compareCompanions(world, expected.resolve("people-at-venue.jsonl.gz")))
                .isPositive();
    }

    private int compareVenues(World world, Path file) throws IOException {
        VenueRankingCodec codec = new VenueRankingCodec(world.inputs.catalog(), world.profile);
        List<JsonNode> lines = lines(file);
        for (JsonNode line : lines) {
            UUID user = UUID.fromString(line.get("user_id").asString());
            List<Entry> expected = entries(line.get("venues"));
            List<RankedVenue> stored =
                    codec.decode(packed(new RunTables(world.runId).venueRankings(), user), expected.size());
            assertSameRanking(
                    "venues of " + user,
                    expected,
                    stored.size(),
                    i -> new Entry(
                            world.inputs.catalog().id(stored.get(i).venueIndex()),
                            stored.get(i).score()));
            for (int i = 0; i < expected.size(); i++) {
                // Components belong to the venue, so ties must not confuse them.
                JsonNode facts = line.get("venues").get(i);
                RankedVenue venue = stored.get(i);
                if (world.inputs
                        .catalog()
                        .id(venue.venueIndex())
                        .equals(expected.get(i).id())) {
                    String what = user + " at rank " + (i + 1);
                    assertThat(Math.abs(venue.spatial() - facts.get(2).asDouble()))
                            .as(what)
                            .isLessThan(SERVED);
                    assertThat(Math.abs(venue.preference() - facts.get(3).asDouble()))
                            .as(what)
                            .isLessThan(SERVED);
                    assertThat(Math.abs(venue.popularity() - facts.get(4).asDouble()))
                            .as(what)
                            .isLessThan(SERVED);
                }
            }
        }
        return lines.size();
    }

    /** All friends are expected; the run stores the first of them, and the live ranker gives them all. */
    private int compareCompanions(World world, Path file) throws IOException {
        StagedInputs inputs = world.inputs;
        CompanionRanker.Worker ranker = new CompanionRanker(
                        inputs.catalog(), inputs.interactions(), inputs.graph(), world.profile, inputs.interactionRow())
                .newWorker();
        CompanionRankingCodec codec = new CompanionRankingCodec(inputs.catalog(), world.profile);
        List<JsonNode> lines = lines(file);
        for (JsonNode line : lines) {
            UUID user = UUID.fromString(line.get("user_id").asString());
            List<Entry> expected = entries(line.get("companions"));
            int position = world.positionOf(user);
            List<RankedCompanion> live = new ArrayList<>();
            if (line.get("venue_id").isNull()) {
                live.addAll(ranker.rank(position, Integer.MAX_VALUE).toList());
                if (!expected.isEmpty()) {
                    var stored = codec.decodeGeneral(
                            packed(new RunTables(world.runId).companionRankings(), user), Integer.MAX_VALUE);
                    assertSameRanking(
                            "stored companions of " + user,
                            expected.subList(0, Math.min(20, expected.size())),
                            stored.size(),
                            i -> new Entry(stored.get(i).userId(), stored.get(i).score()));
                }
            } else {
                int venue = inputs.catalog()
                        .indexOf(UUID.fromString(line.get("venue_id").asString()));
                ranker.rankAt(
                        position,
                        new int[] {venue},
                        1,
                        Integer.MAX_VALUE,
                        (at, ranking) -> live.addAll(ranking.toList()));
            }
            assertSameRanking(
                    "companions of " + user,
                    expected,
                    live.size(),
                    i -> new Entry(
                            world.userId(live.get(i).friendIndex()), live.get(i).score()));
        }
        return lines.size();
    }

    private static void assertSameRanking(String what, List<Entry> expected, int size, IntFunction<Entry> actual) {
        assertThat(size).as(what).isEqualTo(expected.size());
        Map<UUID, Double> scores = new HashMap<>();
        expected.forEach(entry -> scores.put(entry.id(), entry.score()));
        for (int i = 0; i < expected.size(); i++) {
            Entry wanted = expected.get(i);
            Entry got = actual.apply(i);
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

    private byte[] packed(String table, UUID user) {
        return jdbc.sql("select ranking from " + table + " where user_id = ?")
                .param(user)
                .query(byte[].class)
                .single();
    }

    private static List<Entry> entries(JsonNode list) {
        List<Entry> entries = new ArrayList<>();
        for (JsonNode entry : list) {
            entries.add(new Entry(
                    UUID.fromString(entry.get(0).asString()), entry.get(1).asDouble()));
        }
        return entries;
    }

    private static List<JsonNode> lines(Path file) throws IOException {
        try (BufferedReader in = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
            return in.lines().map(JSON::readTree).toList();
        }
    }

    private record Entry(UUID id, double score) {}

    private record World(long runId, StagedInputs inputs, ScoringProfile profile, Map<UUID, Integer> positions) {

        World(long runId, StagedInputs inputs, ScoringProfile profile) {
            this(runId, inputs, profile, new HashMap<>());
            for (int position = 0; position < inputs.users(); position++) {
                positions.put(userId(inputs.userIndexAt()[position]), position);
            }
        }

        int positionOf(UUID user) {
            return positions.get(user);
        }

        UUID userId(int userIndex) {
            return new UUID(inputs.userIdHigh()[userIndex], inputs.userIdLow()[userIndex]);
        }
    }
}
