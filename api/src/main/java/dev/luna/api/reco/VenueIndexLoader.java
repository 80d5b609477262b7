package dev.luna.api.reco;

import dev.luna.batch.scoring.ScoringProfile;
import dev.luna.batch.scoring.VenueCatalog;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/** Reads a {@link VenueIndex}, all of it from one snapshot of the database: outside any transaction, which it would join. */
@Component
class VenueIndexLoader {

    private static final int FETCH_SIZE = 5000;

    /** Reads {@code run.profile}. A mapper of its own: what is stored does not follow the wording of answers. */
    private static final JsonMapper PROFILES = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
            .build();

    private final JdbcClient jdbc;
    private final ScoringProfile configuredProfile;
    private final TransactionTemplate oneSnapshot;

    VenueIndexLoader(JdbcClient jdbc, ScoringProfile configuredProfile, PlatformTransactionManager transactions) {
        this.jdbc = jdbc;
        this.configuredProfile = configuredProfile;
        oneSnapshot = new TransactionTemplate(transactions);
        oneSnapshot.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
        oneSnapshot.setReadOnly(true);
    }

    /**
     * An index and the state of the database it shows.
     *
     * @param databaseSnapshot which transactions it shows, but for later changes of venues
     * @param interactions how many were looked at to count likes; 0 under a run, which has counted them
     */
    record Loaded(
            VenueIndex index, @Nullable Long runId, long catalogVersion, String databaseSnapshot, long interactions) {}

    /**
     * The index for a run, or for no run when null.
     *
     * @param previous an earlier index of the same run, of which only the venues that changed since are read, or of no run,
     *     of which the likes are taken; null for none
     * @return empty when the run's storage is gone
     */
    Optional<Loaded> load(@Nullable Long runId, @Nullable Loaded previous) {
        return oneSnapshot.execute(status -> {
            State state = jdbc.sql("""
                            select version, reset_version, pg_current_snapshot()::text as snapshot from venue_catalog
                            """)
                    .query((row, n) ->
                            new State(row.getLong("version"), row.getLong("reset_version"), row.getString("snapshot")))
                    .single();
            if (runId == null) {
                return Optional.of(previous == null ? counted(state) : withLikesOf(previous, state));
            }
            Optional<VenueIndex> index = previous != null
                            && previous.catalogVersion >= state.resetVersion
                            && run(runId).isPresent()
                    ? Optional.of(renewed(previous))
                    : generation(runId).flatMap(this::index);
            return index.map(current -> new Loaded(current, runId, state.catalogVersion, state.snapshot, 0));
        });
    }

    private record Change(UUID venueId, VenueColumns.@Nullable Venue venue) {}

    /** The same index after the changes since: time O(venues) in memory, but only what changed is read. */
    private VenueIndex renewed(Loaded previous) {
        VenueIndex old = previous.index;
        List<Change> changes = jdbc.sql("""
                        select h.venue_id, v.id, v.name, v.category, v.lat, v.lng, v.price_level, v.rating
                        from venue_change h
                        left join venues v on v.id = h.venue_id
                        where h.version > :version
                        order by h.venue_id
                        """)
                .param("version", previous.catalogVersion)
                .query((row, n) -> new Change(
                        row.getObject("venue_id", UUID.class),
                        row.getObject("id", UUID.class) == null ? null : VenueColumns.Venue.of(row, old::likesInRun)))
                .list();
        VenueCatalog venues = old.current();
        VenueColumns columns = new VenueColumns();
        int at = 0;
        for (Change change : changes) {
            for (; at < venues.size() && isBefore(venues, at, change.venueId); at++) {
                columns.add(VenueColumns.Venue.of(old, at));
            }
            if (at < venues.size() && venues.id(at).equals(change.venueId)) {
                at++;
            }
            if (change.venue != null) {
                columns.add(change.venue);
            }
        }
        for (; at < venues.size(); at++) {
            columns.add(VenueColumns.Venue.of(old, at));
        }
        return old.with(columns.catalog(venues.maxLikes()), columns.details());
    }

    private static boolean isBefore(VenueCatalog venues, int venue, UUID id) {
        return VenueCatalog.compareIds(
                        venues.ids().high(venue),
                        venues.ids().low(venue),
                        id.getMostSignificantBits(),
                        id.getLeastSignificantBits())
                < 0;
    }

    /** Empty when the base's storage is gone. */
    private Optional<VenueIndex> index(Generation run) {
        Long baseRunId = run.baseRunId();
        return baseRunId == null
                ? Optional.of(underRun(run, null))
                : generation(baseRunId).map(base -> underRun(run, base));
    }

    private record State(long catalogVersion, long resetVersion, String snapshot) {}

    private record RunRow(String profile, @Nullable Long baseRunId, int maxLikes, long venues) {}

    private Optional<RunRow> run(long runId) {
        return jdbc.sql("""
                        select profile, base_run_id, coalesce(max_likes, 0) as max_likes,
                               coalesce(venues_total, 0) as venues_total
                        from run
                        where id = :runId and storage_dropped_at is null
                        """)
                .param("runId", runId)
                .query((row, n) -> new RunRow(
                        row.getString("profile"),
                        row.getObject("base_run_id", Long.class),
                        row.getInt("max_likes"),
                        row.getLong("venues_total")))
                .optional();
    }

    /** Empty when the run's storage is gone. */
    private Optional<Generation> generation(long runId) {
        Optional<RunRow> run = run(runId);
        if (run.isEmpty()) {
            return Optional.empty();
        }
        VenueColumns columns = new VenueColumns();
        jdbc.sql("""
                        select venue_id, category, lat, lng, likes
                        from run_venue
                        where run_id = :runId
                        order by venue_no
                        """).withFetchSize(FETCH_SIZE).param("runId", runId).query(row -> {
            columns.add(new VenueColumns.Venue(
                    row.getObject("venue_id", UUID.class),
                    "",
                    row.getString("category"),
                    row.getDouble("lat"),
                    row.getDouble("lng"),
                    row.getInt("likes"),
                    null,
                    null));
        });
        // Other numbers: dropped between the statement that named the run and this transaction.
        return run.filter(row -> row.venues == columns.size())
                .map(row -> new Generation(
                        runId,
                        row.baseRunId,
                        PROFILES.readValue(row.profile, ScoringProfile.class),
                        columns.catalog(row.maxLikes),
                        columns.codeByCategory()));
    }

    private VenueIndex underRun(Generation run, @Nullable Generation base) {
        VenueCatalog ofRun = run.venues();
        VenueColumns columns = venues(likesIn(ofRun));
        return new VenueIndex(run, base, columns.catalog(ofRun.maxLikes()), run.profile(), columns.details());
    }

    private record Counted(UUID venueId, int likes, long interactions) {}

    /** Without a fetch size, so that PostgreSQL may let several workers count: there is a row a venue. */
    private Loaded counted(State state) {
        Map<UUID, Integer> likes = new HashMap<>();
        long interactions = 0;
        for (Counted venue : jdbc.sql("""
                        select venue_id, count(*) as interactions,
                               least(count(*) filter (where interaction_type = any(:positiveTypes)), 2147483647) as likes
                        from user_venue_interactions
                        group by venue_id
                        """)
                .param("positiveTypes", PositiveTypes.of(configuredProfile))
                .query((row, n) -> new Counted(
                        row.getObject("venue_id", UUID.class), row.getInt("likes"), row.getLong("interactions")))
                .list()) {
            likes.put(venue.venueId, venue.likes);
            interactions += venue.interactions;
        }
        return withoutRun(id -> likes.getOrDefault(id, 0), state.catalogVersion, state.snapshot, interactions);
    }

    private Loaded withLikesOf(Loaded previous, State state) {
        return withoutRun(
                likesIn(previous.index.current()),
                state.catalogVersion,
                previous.databaseSnapshot,
                previous.interactions);
    }

    private Loaded withoutRun(ToIntFunction<UUID> likes, long catalogVersion, String snapshot, long interactions) {
        VenueColumns columns = venues(likes);
        VenueIndex index = new VenueIndex(null, null, columns.catalog(), configuredProfile, columns.details());
        return new Loaded(index, null, catalogVersion, snapshot, interactions);
    }

    /** 0 for those that are newer. */
    private static ToIntFunction<UUID> likesIn(VenueCatalog venues) {
        return id -> {
            int venue = venues.indexOf(id);
            return venue < 0 ? 0 : venues.likes(venue);
        };
    }

    /** All venues there are. */
    private VenueColumns venues(ToIntFunction<UUID> likes) {
        VenueColumns columns = new VenueColumns();
        jdbc.sql("""
                        select id, name, category, lat, lng, price_level, rating
                        from venues
                        order by id
                        """).withFetchSize(FETCH_SIZE).query(row -> {
            columns.add(VenueColumns.Venue.of(row, likes));
        });
        return columns;
    }
}
