package dev.luna.batch.run;

import dev.luna.batch.database.BinaryCopyReader;
import dev.luna.batch.database.RunTables;
import dev.luna.batch.database.SqlFailure;
import dev.luna.batch.run.ListComparison.Moved;
import dev.luna.batch.run.ListComparison.StoredList;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.stereotype.Service;

/**
 * Compares the ranked venues of two kept runs. One stream over both runs' lists; if both stand on the same full run, over
 * those of their refreshed users only. Heap: some hundred bytes a venue, whatever the number of users. Thread-safe.
 */
@Service
public class RunDiffs {

    private final RunStore store;
    private final DataSource dataSource;
    private final JdbcClient jdbc;

    RunDiffs(RunStore store, DataSource dataSource, JdbcClient jdbc) {
        this.store = store;
        this.dataSource = dataSource;
        this.jdbc = jdbc;
    }

    /**
     * Compares a run with another.
     *
     * @param againstId the run to compare with; null for the one that readers saw before its last publication (the full run that it
     *     refreshed, once its own rankings are dropped), or, if it was never published, that they see
     * @param mostMovers how many users are told one by one, at least 0
     * @throws RunNotFoundException if there is no such run
     * @throws RunRefusedException if one of them has no complete, kept rankings, or none is known that readers saw before
     */
    public RunDiff compare(long runId, @Nullable Long againstId, int mostMovers) {
        return store.ofComplete(runId, "compare", after -> {
            long beforeId = againstId == null ? seenBefore(runId) : againstId;
            return store.ofComplete(beforeId, "compare", before -> compare(after, before, mostMovers));
        });
    }

    private RunDiff compare(Run after, Run before, int mostMovers) {
        GenerationVenues venues = new GenerationVenues(jdbc);
        Stream.of(after.id(), before.id(), full(after), full(before)).forEach(venues::add);
        ListComparison lists = new ListComparison(venues, mostMovers);
        Only only = stream(after, before, lists);
        if (full(after) == full(before)) {
            lists.addSame(users(after) - only.inAfter - lists.compared());
        }
        boolean isOtherProfile = !before.profile().equals(after.profile()) || hasOtherLists(before, after);
        List<Moved> movers = lists.movers();
        Map<UUID, List<RunDiff.Cause>> causes =
                new MoverCauses(jdbc, venues, before, after).of(movers, lists, isOtherProfile);
        return new RunDiff(
                after.id(),
                before.id(),
                lists.compared(),
                lists.changed(),
                lists.meanOverlap(),
                only.inAfter,
                only.inBefore,
                venues.onlyIn(after.id(), before.id()),
                venues.onlyIn(before.id(), after.id()),
                isOtherProfile,
                movers.stream()
                        .map(moved -> mover(moved, lists, venues, causes.getOrDefault(moved.userId(), List.of())))
                        .toList());
    }

    private long seenBefore(long runId) {
        long id = jdbc.sql("""
                        select case when published_at is null then (select run_id from published_run) else replaced_run_id end
                        from run where id = :id
                        """)
                .param("id", runId)
                .query(Long.class)
                .optional()
                .orElseThrow(() -> new RunRefusedException(
                        "No run is known that readers saw before run %d; name one with `luna runs diff %d --against ID`, `luna runs` lists them"
                                .formatted(runId, runId)));
        Run before = store.get(id);
        if (before.storageDroppedAt() == null) {
            return id;
        }
        // A refresh goes soon after the next full run is published: what it refreshed is what readers mostly saw.
        Run refreshed = store.get(full(before));
        if (refreshed.storageDroppedAt() != null || refreshed.id() == runId) {
            throw new RunRefusedException(
                    "Readers saw run %d before run %d, and its rankings were dropped; name another with `luna runs diff %d --against ID`, `luna runs` lists them"
                            .formatted(id, runId, runId));
        }
        return refreshed.id();
    }

    /** The full run that a generation stands on. */
    private static long full(Run run) {
        return Objects.requireNonNullElse(run.baseRunId(), run.id());
    }

    private static long users(Run run) {
        return Objects.requireNonNullElse(run.counts().users(), 0L);
    }

    private static boolean hasOtherLists(Run before, Run after) {
        return !Objects.equals(
                before.settings().get("venues_per_user"), after.settings().get("venues_per_user"));
    }

    private record Only(long inAfter, long inBefore) {}

    private Only stream(Run after, Run before, ListComparison lists) {
        long inAfter = 0;
        long inBefore = 0;
        Connection connection = DataSourceUtils.getConnection(dataSource);
        try (BinaryCopyReader rows =
                BinaryCopyReader.open(connection, """
                        select coalesce(a.user_id, b.user_id), a.stored_by, a.ranking, b.stored_by, b.ranking
                        from (%s) a full join (%s) b on b.user_id = a.user_id
                        """.formatted(lists(after, before), lists(before, after)))) {
            while (rows.next()) {
                UUID user = rows.uuid();
                StoredList is = list(rows);
                StoredList was = list(rows);
                if (is != null && was != null) {
                    lists.compare(user, was, is);
                } else if (is != null) {
                    inAfter++;
                } else {
                    inBefore++;
                }
            }
        } catch (SQLException e) {
            throw SqlFailure.of("compare run %d with run %d".formatted(after.id(), before.id()), e);
        } finally {
            DataSourceUtils.releaseConnection(connection, dataSource);
        }
        return new Only(inAfter, inBefore);
    }

    private static @Nullable StoredList list(BinaryCopyReader rows) throws SQLException {
        if (rows.isNull()) {
            rows.skip();
            rows.skip();
            return null;
        }
        return new StoredList(rows.int8(), rows.bytea());
    }

    /** A generation's lists; beside another of the same full run, only those that either ranked anew. */
    private static String lists(Run run, Run other) {
        String own = new RunTables(run.id()).venueRankings();
        String kept = "select user_id, run_id as stored_by, ranking from " + own + " r where length(ranking) > 0";
        boolean sameBase = full(run) == full(other);
        if (sameBase && run.baseRunId() == null) {
            return kept + among(run, other);
        }
        Long base = run.baseRunId();
        if (base == null) {
            return kept;
        }
        return kept + """
                 union all
                select user_id, run_id, ranking from %s r
                where not exists (select from %s o where o.user_id = r.user_id)%s
                """.formatted(new RunTables(base).venueRankings(), own, sameBase ? among(run, other) : "");
    }

    private static String among(Run run, Run other) {
        return Stream.of(run, other)
                .filter(refresh -> refresh.baseRunId() != null)
                .map(refresh -> "exists (select from %s x where x.user_id = r.user_id)"
                        .formatted(new RunTables(refresh.id()).venueRankings()))
                .reduce((left, right) -> left + " or " + right)
                .map(condition -> " and (" + condition + ")")
                .orElse(" and false");
    }

    private static RunDiff.Mover mover(
            Moved moved, ListComparison lists, GenerationVenues venues, List<RunDiff.Cause> causes) {
        List<Integer> was = lists.first(ListComparison.DEPTH, moved.before());
        List<Integer> is = lists.first(ListComparison.DEPTH, moved.after());
        return new RunDiff.Mover(
                moved.userId(),
                moved.overlap(),
                is.stream()
                        .filter(venue -> !was.contains(venue))
                        .map(venues::id)
                        .toList(),
                was.stream()
                        .filter(venue -> !is.contains(venue))
                        .map(venues::id)
                        .toList(),
                causes);
    }
}
