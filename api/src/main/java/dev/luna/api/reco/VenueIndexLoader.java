package dev.luna.api.reco;

import dev.luna.batch.scoring.ScoringProfile;
import dev.luna.batch.scoring.VenueCatalog;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** Reads a {@link VenueIndex}, all of it from one snapshot of the database. */
@Component
class VenueIndexLoader {

    private static final int FETCH_SIZE = 5000;

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

    /** An index and the state of the database it shows. */
    record Loaded(VenueIndex index, @Nullable Long runId, long catalogVersion, String databaseSnapshot) {}

    /**
     * The index for a run, or for no run when null.
     *
     * @return empty when the run's storage is gone
     */
    Optional<Loaded> load(@Nullable Long runId) {
        Optional<Loaded> loaded = oneSnapshot.execute(status -> {
            State state = jdbc.sql("select version, pg_current_snapshot()::text as snapshot from venue_catalog")
                    .query((row, n) -> new State(row.getLong("version"), row.getString("snapshot")))
                    .single();
            if (runId == null) {
                return Optional.of(new Loaded(withoutRun(), null, state.catalogVersion, state.snapshot));
            }
            return generation(runId)
                    .flatMap(this::index)
                    .map(index -> new Loaded(index, runId, state.catalogVersion, state.snapshot));
        });
        return Objects.requireNonNull(loaded, "the callback answers");
    }

    /** Empty when the base's storage is gone. */
    private Optional<VenueIndex> index(Generation run) {
        Long baseRunId = run.baseRunId();
        return baseRunId == null
                ? Optional.of(underRun(run, null))
                : generation(baseRunId).map(base -> underRun(run, base));
    }

    private record State(long catalogVersion, String snapshot) {}

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
            columns.add(
                    row.getObject("venue_id", UUID.class),
                    "",
                    row.getString("category"),
                    row.getDouble("lat"),
                    row.getDouble("lng"),
                    row.getInt("likes"),
                    null,
                    null);
        });
        // Other numbers: dropped between the statement that named the run and this transaction.
        return run.filter(row -> row.venues == columns.size())
                .map(row -> new Generation(
                        runId, row.baseRunId, StoredProfile.read(row.profile), columns.catalog(row.maxLikes)));
    }

    private VenueIndex underRun(Generation run, @Nullable Generation base) {
        VenueCatalog ofRun = run.venues();
        VenueColumns columns = new VenueColumns();
        jdbc.sql("""
                        select id, name, category, lat, lng, price_level, rating
                        from venues
                        order by id
                        """).withFetchSize(FETCH_SIZE).query(row -> {
            UUID id = row.getObject("id", UUID.class);
            int runVenueNo = ofRun.indexOf(id);
            columns.add(
                    id,
                    row.getString("name"),
                    row.getString("category"),
                    row.getDouble("lat"),
                    row.getDouble("lng"),
                    runVenueNo < 0 ? 0 : ofRun.likes(runVenueNo),
                    row.getObject("price_level", Integer.class),
                    row.getObject("rating", Double.class));
        });
        return new VenueIndex(run, base, columns.catalog(ofRun.maxLikes()), run.profile(), columns.details());
    }

    private VenueIndex withoutRun() {
        VenueColumns columns = new VenueColumns();
        jdbc.sql("""
                        select v.id, v.name, v.category, v.lat, v.lng, v.price_level, v.rating,
                               least(coalesce(l.likes, 0), 2147483647)::integer as likes
                        from venues v
                        left join (
                          select venue_id, count(*) as likes
                          from user_venue_interactions
                          where interaction_type in (:positiveTypes)
                          group by venue_id
                        ) l on l.venue_id = v.id
                        order by v.id
                        """)
                .withFetchSize(FETCH_SIZE)
                .param("positiveTypes", PositiveTypes.of(configuredProfile))
                .query(row -> {
                    columns.add(
                            row.getObject("id", UUID.class),
                            row.getString("name"),
                            row.getString("category"),
                            row.getDouble("lat"),
                            row.getDouble("lng"),
                            row.getInt("likes"),
                            row.getObject("price_level", Integer.class),
                            row.getObject("rating", Double.class));
                });
        return new VenueIndex(null, null, columns.catalog(), configuredProfile, columns.details());
    }
}
