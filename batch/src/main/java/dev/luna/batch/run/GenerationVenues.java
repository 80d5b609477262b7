package dev.luna.batch.run;

import dev.luna.batch.database.RunTables;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The venues of several runs under common numbers, so that packed lists of different dictionaries can be compared. Common
 * numbers are from 0 in order of first sight. Memory: about 200 bytes a venue and run. Not thread-safe.
 */
final class GenerationVenues {

    private final JdbcClient jdbc;
    private final Map<UUID, Integer> numbers = new HashMap<>();
    private final List<UUID> ids = new ArrayList<>();
    private final Map<Long, int[]> numberByRun = new HashMap<>();
    private final Map<Long, Map<Integer, Venue>> venuesByRun = new HashMap<>();

    GenerationVenues(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** A venue as one run knows it. */
    record Venue(double lat, double lng, int likes) {}

    /** Adds a run's dictionary. */
    void add(long runId) {
        if (numberByRun.containsKey(runId)) {
            return;
        }
        List<Integer> numberOf = new ArrayList<>();
        Map<Integer, Venue> venues = new HashMap<>();
        jdbc.sql("select venue_id, lat, lng, likes from " + new RunTables(runId).venues() + " order by venue_no")
                .query(row -> {
                    int number = number(row.getObject("venue_id", UUID.class));
                    numberOf.add(number);
                    venues.put(number, new Venue(row.getDouble("lat"), row.getDouble("lng"), row.getInt("likes")));
                });
        numberByRun.put(runId, numberOf.stream().mapToInt(Integer::intValue).toArray());
        venuesByRun.put(runId, venues);
    }

    /** Number of venues in all. */
    int size() {
        return ids.size();
    }

    /** Common number of each venue_no of a run. */
    int[] numbers(long runId) {
        int[] of = numberByRun.get(runId);
        if (of == null) {
            throw new IllegalStateException("the venues of run " + runId + " are not loaded");
        }
        return of;
    }

    UUID id(int number) {
        return ids.get(number);
    }

    /** The venue as a run knows it; null if it does not. */
    @Nullable
    Venue venue(long runId, int number) {
        return venuesByRun.getOrDefault(runId, Map.of()).get(number);
    }

    /** Venues of one run that another does not know. */
    long onlyIn(long runId, long otherId) {
        Map<Integer, Venue> other = venuesByRun.getOrDefault(otherId, Map.of());
        return venuesByRun.getOrDefault(runId, Map.of()).keySet().stream()
                .filter(number -> !other.containsKey(number))
                .count();
    }

    private int number(UUID id) {
        Integer known = numbers.putIfAbsent(id, ids.size());
        if (known != null) {
            return known;
        }
        ids.add(id);
        return ids.size() - 1;
    }
}
