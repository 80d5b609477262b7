package dev.luna.batch.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.luna.batch.database.RunTables;
import dev.luna.batch.database.TestDatabase;
import dev.luna.batch.run.ExpectedRankings.Entry;
import dev.luna.batch.run.ExpectedRankings.Line;
import dev.luna.batch.scoring.CompanionRanker;
import dev.luna.batch.scoring.CompanionRankingCodec;
import dev.luna.batch.scoring.RankedCompanion;
import dev.luna.batch.scoring.RankedVenue;
import dev.luna.batch.scoring.ScoringProfile;
import dev.luna.batch.scoring.VenueRankingCodec;
import dev.luna.batch.snapshot.BlockInputs;
import dev.luna.batch.snapshot.StagedInputs;
import dev.luna.batch.snapshot.StagedInputsReader;
import dev.luna.batch.transfer.CsvImport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Rankings of a run against those that an independent implementation gives for the same files: ranks equal, scores to
 * 1e-6; neighbours whose scores differ by less than 1e-9 may stand either way.
 */
@SpringBootTest
class ExpectedRankingsIT {

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
        List<Line> venues = ExpectedRankings.venues(directory);
        assertThat(venues).isNotEmpty();
        venues.forEach(line -> compareVenues(world, line));
        List<Line> people = ExpectedRankings.people(directory);
        assertThat(people).isNotEmpty();
        people.forEach(line -> compareCompanions(world, line));
        List<Line> peopleAtVenue = ExpectedRankings.peopleAtVenue(directory);
        assertThat(peopleAtVenue).isNotEmpty();
        peopleAtVenue.forEach(line -> compareCompanions(world, line));
    }

    private void compareVenues(World world, Line line) {
        VenueRankingCodec codec = new VenueRankingCodec(world.inputs.catalog(), world.profile);
        UUID user = line.userId();
        List<Entry> expected = line.entries();
        List<RankedVenue> stored =
                codec.decode(packed(new RunTables(world.runId).venueRankings(), user), expected.size());
        ExpectedRankings.assertSame(
                "venues of " + user,
                expected,
                stored.stream()
                        .map(venue -> new Entry(world.inputs.catalog().id(venue.venueIndex()), venue.score()))
                        .toList());
        for (int i = 0; i < expected.size(); i++) {
            // Components belong to the venue, so ties must not confuse them.
            double[] components = line.components().get(i);
            RankedVenue venue = stored.get(i);
            if (world.inputs
                    .catalog()
                    .id(venue.venueIndex())
                    .equals(expected.get(i).id())) {
                assertThat(new double[] {venue.spatial(), venue.preference(), venue.popularity()})
                        .as(user + " at rank " + (i + 1))
                        .containsExactly(components, within(ExpectedRankings.SERVED));
            }
        }
    }

    /** All friends are expected; the run stores the first of them, and the live ranker gives them all. */
    private void compareCompanions(World world, Line line) {
        StagedInputs inputs = world.inputs;
        BlockInputs alone = inputs.block(world.positionOf(line.userId()), world.positionOf(line.userId()) + 1);
        CompanionRanker.Worker ranker = new CompanionRanker(
                        inputs.catalog(), alone.ofFriends(), alone.graph(), world.profile, alone.friendRow())
                .newWorker();
        CompanionRankingCodec codec = new CompanionRankingCodec(inputs.catalog(), world.profile);
        UUID user = line.userId();
        List<Entry> expected = line.entries();
        List<RankedCompanion> live = new ArrayList<>();
        if (line.venueId() == null) {
            live.addAll(ranker.rank(0, Integer.MAX_VALUE).toList());
            if (!expected.isEmpty()) {
                var stored = codec.decodeGeneral(
                        packed(new RunTables(world.runId).companionRankings(), user), Integer.MAX_VALUE);
                ExpectedRankings.assertSame(
                        "stored companions of " + user,
                        expected.subList(0, Math.min(20, expected.size())),
                        stored.stream()
                                .map(companion -> new Entry(companion.userId(), companion.score()))
                                .toList());
            }
        } else {
            int venue = inputs.catalog().indexOf(line.venueId());
            ranker.rankAt(0, new int[] {venue}, 1, Integer.MAX_VALUE, (at, ranking) -> live.addAll(ranking.toList()));
        }
        ExpectedRankings.assertSame(
                "companions of " + user,
                expected,
                live.stream()
                        .map(companion -> new Entry(world.userId(companion.friendIndex()), companion.score()))
                        .toList());
    }

    private byte[] packed(String table, UUID user) {
        return jdbc.sql("select ranking from " + table + " where user_id = ?")
                .param(user)
                .query(byte[].class)
                .single();
    }

    private record World(long runId, StagedInputs inputs, ScoringProfile profile, Map<UUID, Integer> positions) {

        World(long runId, StagedInputs inputs, ScoringProfile profile) {
            this(runId, inputs, profile, new HashMap<>());
            for (int position = 0; position < inputs.users(); position++) {
                positions.put(userId(inputs.userIndexAt(position)), position);
            }
        }

        int positionOf(UUID user) {
            return positions.get(user);
        }

        UUID userId(int userIndex) {
            return inputs.userIds().id(userIndex);
        }
    }
}
