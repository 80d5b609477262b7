package dev.luna.batch.run;

import dev.luna.batch.database.RunTables;
import dev.luna.batch.run.ListComparison.Moved;
import dev.luna.batch.run.ListComparison.StoredList;
import dev.luna.batch.run.RunDiff.Cause;
import dev.luna.batch.run.RunDiff.CauseKind;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Says what differs, for some users, between the staged inputs and dictionaries of two runs. Not thread-safe. */
final class MoverCauses {

    private final JdbcClient jdbc;
    private final GenerationVenues venues;
    private final Run before;
    private final Run after;

    /** Likes are counted by each run's own types: by others, they do not tell what the user did meanwhile. */
    private final boolean areLikesComparable;

    /** @param venues with the dictionaries of both runs and of their bases */
    MoverCauses(JdbcClient jdbc, GenerationVenues venues, Run before, Run after) {
        this.jdbc = jdbc;
        this.venues = venues;
        this.before = before;
        this.after = after;
        this.areLikesComparable = Objects.equals(
                before.profile().get("positive_types"), after.profile().get("positive_types"));
    }

    /** The causes for each user, by id; a query a run, not a user. */
    Map<UUID, List<Cause>> of(List<Moved> movers, ListComparison lists, boolean isOtherProfile) {
        Map<UUID, Inputs> beforeInputs = inputs(movers, Moved::before);
        Map<UUID, Inputs> afterInputs = inputs(movers, Moved::after);
        Map<UUID, List<Cause>> causes = new HashMap<>();
        for (Moved moved : movers) {
            List<Cause> found = new ArrayList<>();
            Inputs was = beforeInputs.get(moved.userId());
            Inputs is = afterInputs.get(moved.userId());
            if (was != null && is != null) {
                addHome(found, was, is);
                addInteractions(found, was, is);
            }
            // If the first are the same, what changed stands behind them, or changed their order.
            int depth = moved.overlap() < 1 ? ListComparison.DEPTH : Integer.MAX_VALUE;
            addVenues(found, lists.first(depth, moved.before()), lists.first(depth, moved.after()));
            if (isOtherProfile) {
                found.add(new Cause(CauseKind.OTHER_PROFILE, "scoring profile or list lengths were set anew"));
            }
            causes.put(moved.userId(), found);
        }
        return causes;
    }

    private record Inputs(@Nullable Double lat, @Nullable Double lng, Map<Integer, long[]> visits) {}

    private Map<UUID, Inputs> inputs(List<Moved> movers, Function<Moved, StoredList> side) {
        Map<Long, List<UUID>> byRun = movers.stream()
                .collect(Collectors.groupingBy(
                        moved -> side.apply(moved).storedBy(), Collectors.mapping(Moved::userId, Collectors.toList())));
        Map<UUID, Inputs> inputs = new HashMap<>();
        byRun.forEach((runId, users) -> {
            int[] numbers = venues.numbers(runId);
            jdbc.sql("select user_id, home_lat, home_lng, venues from " + new RunTables(runId).inputs()
                            + " where user_id in (:users)")
                    .param("users", users)
                    .query(row -> {
                        inputs.put(
                                row.getObject("user_id", UUID.class),
                                new Inputs(
                                        row.getObject("home_lat", Double.class),
                                        row.getObject("home_lng", Double.class),
                                        visits(row.getBytes("venues"), numbers)));
                    });
        });
        return inputs;
    }

    /** Likes and seconds by common number of the venue. */
    private static Map<Integer, long[]> visits(byte[] packed, int[] numbers) {
        Map<Integer, long[]> visits = new HashMap<>();
        ByteBuffer in = ByteBuffer.wrap(packed);
        while (in.hasRemaining()) {
            visits.put(numbers[in.getInt()], new long[] {in.getInt(), in.getInt()});
        }
        return visits;
    }

    private static void addHome(List<Cause> found, Inputs was, Inputs is) {
        Double wasLat = was.lat;
        Double wasLng = was.lng;
        Double isLat = is.lat;
        Double isLng = is.lng;
        if (wasLat == null || wasLng == null) {
            if (isLat != null) {
                found.add(new Cause(CauseKind.MOVED_HOME, "has a home now"));
            }
        } else if (isLat == null || isLng == null) {
            found.add(new Cause(CauseKind.MOVED_HOME, "has no home any more"));
        } else if (!wasLat.equals(isLat) || !wasLng.equals(isLng)) {
            found.add(new Cause(
                    CauseKind.MOVED_HOME, Words.format("from %.6f, %.6f to %.6f, %.6f", wasLat, wasLng, isLat, isLng)));
        }
    }

    private void addInteractions(List<Cause> found, Inputs was, Inputs is) {
        Set<Integer> all = new LinkedHashSet<>(was.visits.keySet());
        all.addAll(is.visits.keySet());
        int more = 0;
        int fewer = 0;
        long[] none = new long[2];
        for (int venue : all) {
            long[] before = was.visits.getOrDefault(venue, none);
            long[] after = is.visits.getOrDefault(venue, none);
            boolean added = isMore(after, before) || !was.visits.containsKey(venue);
            boolean removed = isMore(before, after) || !is.visits.containsKey(venue);
            more += added ? 1 : 0;
            fewer += removed ? 1 : 0;
        }
        if (more > 0) {
            found.add(new Cause(CauseKind.NEW_INTERACTIONS, "with " + venues(more)));
        }
        if (fewer > 0) {
            found.add(new Cause(CauseKind.REMOVED_INTERACTIONS, "with " + venues(fewer)));
        }
    }

    private boolean isMore(long[] visits, long[] than) {
        return visits[1] > than[1] || (areLikesComparable && visits[0] > than[0]);
    }

    private void addVenues(List<Cause> found, List<Integer> wasFirst, List<Integer> isFirst) {
        Set<Integer> either = new LinkedHashSet<>(isFirst);
        either.addAll(wasFirst);
        int arrived = 0;
        int gone = 0;
        int moved = 0;
        int shifted = 0;
        double largest = 0;
        for (int number : either) {
            GenerationVenues.Venue was = venues.venue(before.id(), number);
            GenerationVenues.Venue is = venues.venue(after.id(), number);
            if (was == null) {
                arrived++;
            } else if (is == null) {
                gone++;
            } else {
                moved += was.lat() != is.lat() || was.lng() != is.lng() ? 1 : 0;
                double shift = popularity(after, is) - popularity(before, was);
                shifted += shift != 0 ? 1 : 0;
                largest = Math.abs(shift) > Math.abs(largest) ? shift : largest;
            }
        }
        add(found, CauseKind.NEW_VENUE, arrived);
        add(found, CauseKind.DELETED_VENUE, gone);
        add(found, CauseKind.MOVED_VENUE, moved);
        if (shifted > 0) {
            found.add(new Cause(
                    CauseKind.POPULARITY_SHIFT, Words.format("of %s, at most by %+.3f", venues(shifted), largest)));
        }
    }

    private static void add(List<Cause> found, CauseKind kind, int count) {
        if (count > 0) {
            found.add(new Cause(kind, venues(count)));
        }
    }

    private static String venues(int count) {
        return count == 1 ? "1 venue" : count + " venues";
    }

    private static double popularity(Run run, GenerationVenues.Venue venue) {
        Long maxLikes = run.counts().maxLikes();
        return maxLikes == null || maxLikes == 0 ? 0 : (double) venue.likes() / maxLikes;
    }
}
