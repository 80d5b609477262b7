package dev.luna.batch.job;

import dev.luna.batch.database.RunTables;
import dev.luna.batch.database.SideBySide;
import dev.luna.batch.run.RunSettings;
import dev.luna.batch.run.RunVerifier;
import dev.luna.batch.scoring.RankedCompanion;
import dev.luna.batch.scoring.RankedVenue;
import dev.luna.batch.scoring.ReferenceRanker;
import dev.luna.batch.scoring.StoredCompanion;
import dev.luna.batch.scoring.VenueCatalog;
import dev.luna.batch.snapshot.BlockInputs;
import dev.luna.batch.snapshot.StagedInputs;
import dev.luna.batch.snapshot.StopRequest;
import dev.luna.batch.snapshot.StoppedException;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Compares stored rankings with {@link ReferenceRanker}, the definition, on the run's staged inputs. Ids and order must be
 * equal, and so must what is stored of a score and its components, as the single floats that are stored.
 */
@Component
class BruteForceVerifier implements RunVerifier {

    private final ScoringWorlds worlds;
    private final JdbcClient jdbc;
    private final int threads;

    BruteForceVerifier(ScoringWorlds worlds, JdbcClient jdbc, ScoringThreads threads) {
        this.worlds = worlds;
        this.jdbc = jdbc;
        this.threads = threads.count();
    }

    /** On as many threads as score, but its own. */
    @Override
    public Verification verify(long runId, int sampleUsers, StopRequest stopped) {
        int users = rankedUsers(runId);
        int sample = Math.min(users, sampleUsers);
        ScoringWorld world;
        try {
            world = staged(runId, users, stopped);
        } catch (DamagedException e) {
            return new Verification(Math.max(1, sample), 0, "run %d has %s".formatted(runId, e.getMessage()));
        }
        // Evenly over scoring order, which is over space.
        int[] positions = IntStream.range(0, sample)
                .map(i -> (int) ((long) users * i / sample))
                .toArray();
        List<Optional<String>> differences = differences(world, runId, positions, stopped);
        return new Verification(
                sample,
                (int) differences.stream().filter(Optional::isEmpty).count(),
                differences.stream().flatMap(Optional::stream).findFirst().orElse(""));
    }

    /** What is different at each position, in order. */
    private List<Optional<String>> differences(ScoringWorld world, long runId, int[] positions, StopRequest stopped) {
        List<Integer> shares =
                IntStream.range(0, Math.min(threads, positions.length)).boxed().toList();
        try {
            return SideBySide.each(shares, "luna-verify-", (share, failed) -> {
                        List<Optional<String>> found = new ArrayList<>();
                        int end = positions.length * (share + 1) / shares.size();
                        for (int i = positions.length * share / shares.size(); i < end && !failed.getAsBoolean(); i++) {
                            if (stopped.getAsBoolean()) {
                                throw new StoppedException("comparing users with brute force");
                            }
                            found.add(difference(world, runId, positions[i]));
                        }
                        return found;
                    })
                    .stream()
                    .flatMap(List::stream)
                    .toList();
        } catch (SQLException | IOException e) {
            throw new IllegalStateException("comparing threw a checked exception it does not declare", e);
        }
    }

    private ScoringWorld staged(long runId, int users, StopRequest stopped) {
        ScoringWorld world = undamaged("damaged staged inputs", () -> worlds.borrow(runId, stopped));
        if (world.inputs().users() < users) {
            throw new DamagedException("staged inputs of %d users; expected at least the %d that it ranks"
                    .formatted(world.inputs().users(), users));
        }
        return world;
    }

    /** Positions from 0 that the run ranks; a refresh stages more users than that. */
    private int rankedUsers(long runId) {
        return jdbc.sql("select coalesce(max(end_position), 0) from run_partition where run_id = :run")
                .param("run", runId)
                .query(Integer.class)
                .single();
    }

    private Optional<String> difference(ScoringWorld world, long runId, int position) {
        StagedInputs inputs = world.inputs();
        UUID userId = inputs.userIds().id(inputs.userIndexAt(position));
        try {
            return difference(world, runId, position, userId);
        } catch (DamagedException e) {
            return Optional.of("user %s has %s".formatted(userId, e.getMessage()));
        }
    }

    private static <T> T decoded(Supplier<T> codec) {
        return undamaged("a damaged row", codec);
    }

    /** What is read; what its reader refuses contradicts itself, or names what the run does not have. */
    private static <T> T undamaged(String otherwise, Supplier<T> reader) {
        try {
            return reader.get();
        } catch (IllegalArgumentException e) {
            throw new DamagedException(otherwise + ": " + e.getMessage());
        }
    }

    private static final class DamagedException extends RuntimeException {

        DamagedException(String what) {
            super(what);
        }
    }

    private Optional<String> difference(ScoringWorld world, long runId, int position, UUID userId) {
        StagedInputs inputs = world.inputs();
        BlockInputs alone = undamaged("damaged inputs, or a friend has", () -> inputs.block(position, position + 1));
        ReferenceRanker reference = new ReferenceRanker(inputs.catalog(), world.profile());
        RunSettings settings = world.settings();
        List<RankedVenue> venues = reference.rankVenues(
                alone.homeLat()[0], alone.homeLng()[0], alone.own(), 0, settings.venuesPerUser(), null);
        Optional<byte[]> packedVenues = packed(new RunTables(runId).venueRankings(), userId);
        if (packedVenues.isEmpty()) {
            return Optional.of("user %s has no row of ranked venues".formatted(userId));
        }
        List<RankedVenue> storedVenues =
                decoded(() -> world.venueCodec().decode(packedVenues.get(), Integer.MAX_VALUE));
        if (storedVenues.size() != venues.size()) {
            return Optional.of(
                    "user %s has %d ranked venues instead of %d".formatted(userId, storedVenues.size(), venues.size()));
        }
        for (int i = 0; i < venues.size(); i++) {
            RankedVenue expected = venues.get(i);
            RankedVenue stored = storedVenues.get(i);
            if (stored.venueIndex() != expected.venueIndex() || !sameComponents(stored, expected)) {
                return Optional.of("user %s has venue %s at rank %d instead of %s"
                        .formatted(
                                userId,
                                described(inputs.catalog(), stored),
                                i + 1,
                                described(inputs.catalog(), expected)));
            }
        }
        boolean hasFriends = alone.graph().degree(0) > 0;
        Optional<byte[]> packed = packed(new RunTables(runId).companionRankings(), userId);
        if (packed.isEmpty()) {
            return hasFriends
                    ? Optional.of("user %s has no row of ranked companions".formatted(userId))
                    : Optional.empty();
        }
        Optional<String> general = companions(
                world,
                userId,
                "in general",
                reference(alone, reference, -1, settings.companionsPerUser()),
                decoded(() -> world.companionCodec().decodeGeneral(packed.get(), Integer.MAX_VALUE)));
        if (general.isPresent()) {
            return general;
        }
        int withCompanions = hasFriends && settings.companionsPerVenue() > 0
                ? Math.min(settings.companionVenues(), venues.size())
                : 0;
        int storedWithCompanions = decoded(() -> world.companionCodec().venues(packed.get()));
        if (storedWithCompanions != withCompanions) {
            return Optional.of("user %s has %d venues with ranked companions instead of %d"
                    .formatted(userId, storedWithCompanions, withCompanions));
        }
        for (RankedVenue venue : venues.subList(0, withCompanions)) {
            Optional<String> at = companions(
                    world,
                    userId,
                    "at venue " + inputs.catalog().id(venue.venueIndex()),
                    reference(alone, reference, venue.venueIndex(), settings.companionsPerVenue()),
                    decoded(() -> world.companionCodec().decodeAt(packed.get(), venue.venueIndex(), Integer.MAX_VALUE))
                            .orElse(List.of()));
            if (at.isPresent()) {
                return at;
            }
        }
        return Optional.empty();
    }

    /** A distance that is NaN stands for no home. */
    private static boolean sameComponents(RankedVenue stored, RankedVenue expected) {
        return (float) stored.score() == (float) expected.score()
                && Float.compare((float) stored.distanceKm(), (float) expected.distanceKm()) == 0
                && (float) stored.preference() == (float) expected.preference();
    }

    private static String described(VenueCatalog catalog, RankedVenue venue) {
        return "%s with score %s, %s km and preference %s"
                .formatted(catalog.id(venue.venueIndex()), venue.score(), venue.distanceKm(), venue.preference());
    }

    private static List<RankedCompanion> reference(BlockInputs alone, ReferenceRanker reference, int venue, int k) {
        return reference.rankCompanions(alone.graph(), alone.ofFriends(), alone.friendRow(), 0, venue, k);
    }

    private static Optional<String> companions(
            ScoringWorld world,
            UUID userId,
            String where,
            List<RankedCompanion> expected,
            List<StoredCompanion> stored) {
        if (stored.size() != expected.size()) {
            return Optional.of("user %s has %d ranked companions %s instead of %d"
                    .formatted(userId, stored.size(), where, expected.size()));
        }
        for (int i = 0; i < expected.size(); i++) {
            UUID friendId = world.inputs().userIds().id(expected.get(i).friendIndex());
            if (!stored.get(i).userId().equals(friendId) || !sameComponents(stored.get(i), expected.get(i))) {
                return Optional.of("user %s has companion %s with score %s at rank %d %s instead of %s with %s"
                        .formatted(
                                userId,
                                stored.get(i).userId(),
                                stored.get(i).score(),
                                i + 1,
                                where,
                                friendId,
                                expected.get(i).score()));
            }
        }
        return Optional.empty();
    }

    private static boolean sameComponents(StoredCompanion stored, RankedCompanion expected) {
        return (float) stored.base() == (float) expected.base()
                && (float) stored.direct() == (float) expected.direct()
                && (float) stored.category() == (float) expected.category();
    }

    private Optional<byte[]> packed(String table, UUID userId) {
        return jdbc.sql("select ranking from " + table + " where user_id = :user")
                .param("user", userId)
                .query(byte[].class)
                .optional();
    }
}
