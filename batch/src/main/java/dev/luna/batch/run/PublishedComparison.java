package dev.luna.batch.run;

import dev.luna.batch.database.RunTables;
import dev.luna.batch.scoring.VenueRankingCodec;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The checks of the gate that compare a run with what readers see. Thread-safe. */
@Component
class PublishedComparison {

    private final JdbcClient jdbc;
    private final RecomputeSettings settings;

    PublishedComparison(JdbcClient jdbc, RecomputeSettings settings) {
        this.jdbc = jdbc;
        this.settings = settings;
    }

    /**
     * Ranked venues stored, relative to those of {@link #published}; a refresh keeps its base's size, and is not asked.
     *
     * @param mine how many are stored
     */
    Optional<GateCheck> size(JudgedRun run, long mine) {
        RecomputeSettings.Gate gate = settings.gate();
        if (!gate.isSizeLimited() || run.isRefresh()) {
            return Optional.empty();
        }
        return published(run.id()).map(published -> {
            long theirs = rankedVenues(published.id());
            return GateCheck.of(
                    "size",
                    (double) mine / theirs,
                    gate.sizeMin(),
                    gate.sizeMax(),
                    Words.format(
                            "%,d ranked venues are %.3f times the %,d of %s (expected %.3f to %.3f times)",
                            mine, (double) mine / theirs, theirs, published, gate.sizeMin(), gate.sizeMax()));
        });
    }

    private long rankedVenues(long runId) {
        return jdbc.sql("select coalesce(sum(length(ranking) / %s), 0) from %s"
                        .formatted(VenueRankingCodec.ENTRY_BYTES, new RunTables(runId).venueRankings()))
                .query(Long.class)
                .single();
    }

    /** How much of the first venues is that of {@link #published}; of a refresh, its base's. Empty if there is none. */
    Optional<GateCheck> overlap(JudgedRun run) {
        if (settings.gate().overlapUsers() == 0) {
            return Optional.empty();
        }
        Long base = run.baseId();
        return base != null
                ? Optional.of(overlapOfGeneration(run, base))
                : published(run.id()).map(published -> overlapWith(run, published));
    }

    /**
     * The full run that readers see, or of a published refresh its base, which ranked everybody as this one does; empty if there
     * is none or it is this one.
     */
    private Optional<PublishedFull> published(long runId) {
        return jdbc.sql("""
                        select r.id, r.base_run_id from published_run p join run r on r.id = p.run_id
                        where p.run_id <> :id
                        """)
                .param("id", runId)
                .query((row, n) -> new PublishedFull(row.getLong("id"), row.getObject("base_run_id", Long.class)))
                .optional();
    }

    private GateCheck overlapWith(JudgedRun run, PublishedFull published) {
        Overlap found = measureOverlap(run, published.id());
        if (found.users() == 0) {
            return new GateCheck(
                    "overlap_at_10",
                    null,
                    settings.gate().overlapMin(),
                    settings.gate().overlapMax(),
                    settings.gate().overlapMin() == 0,
                    "none of the sampled users is in %s".formatted(published));
        }
        return overlapInBand(
                found.share(),
                Words.format(
                        "%.1f %% of the first 10 venues are those of %s, over %,d users",
                        found.share() * 100, published, found.users()));
    }

    /** Users who are not refreshed keep the rankings of the base, so they count as they are. */
    private GateCheck overlapOfGeneration(JudgedRun run, long baseId) {
        Overlap found = measureOverlap(run, baseId);
        long refreshed = run.ranked();
        long users = run.users();
        double share = found.users() == 0 ? 1 : found.share(refreshed, users);
        return overlapInBand(
                share,
                Words.format(
                        "%.1f %% of the first 10 venues of all %,d users are those of the base, run %d; of the %,d refreshed ones %s",
                        share * 100,
                        users,
                        baseId,
                        refreshed,
                        found.users() == 0
                                ? "none was in it"
                                : Words.format("%.1f %%, over %,d users", found.share() * 100, found.users())));
    }

    private GateCheck overlapInBand(double share, String detail) {
        RecomputeSettings.Gate gate = settings.gate();
        return GateCheck.of(
                "overlap_at_10",
                share,
                gate.overlapMin(),
                gate.overlapMax(),
                Words.format(
                        "%s (expected %.1f to %.1f %%)", detail, gate.overlapMin() * 100, gate.overlapMax() * 100));
    }

    /** Mean share of the first 10 venues over a sample of the users that the run ranks and the other run knows. */
    private Overlap measureOverlap(JudgedRun run, long otherId) {
        RunTables mine = new RunTables(run.id());
        RunTables other = new RunTables(otherId);
        return jdbc.sql("""
                        with sampled as (
                          select i.user_id
                          from generate_series(0, least(:users, :sample) - 1) as at(n)
                          join %1$s i on i.position = cast(n * :users / least(:users, :sample) as int)),
                        entry as (
                          select s.user_id, v.venue_id, 1 as mine
                          from sampled s join %2$s r using (user_id)
                          cross join lateral generate_series(1, least(:at, length(r.ranking) / %6$s)) as e(rank)
                          join %3$s v on v.venue_no = packed_int4(r.ranking, (e.rank - 1) * %6$s)
                          union all
                          select s.user_id, v.venue_id, 0
                          from sampled s join %4$s r using (user_id)
                          cross join lateral generate_series(1, least(:at, length(r.ranking) / %6$s)) as e(rank)
                          join %5$s v on v.venue_no = packed_int4(r.ranking, (e.rank - 1) * %6$s)),
                        listed as (
                          select user_id, venue_id, count(*) as runs, sum(mine) as mine from entry group by user_id, venue_id),
                        compared as (
                          select user_id, count(*) filter (where runs = 2)
                              * (%7$s / greatest(count(*) filter (where mine > 0), count(*) filter (where runs = 2 or mine = 0))) as parts
                          from listed group by user_id
                          having count(*) filter (where runs = 2 or mine = 0) > 0)
                        select count(*) as users, coalesce(sum(parts), 0) as parts from compared
                        """.formatted(
                                mine.inputs(),
                                mine.venueRankings(),
                                mine.venues(),
                                other.venueRankings(),
                                other.venues(),
                                VenueRankingCodec.ENTRY_BYTES,
                                ListComparison.SHARE_PARTS))
                .param("users", run.ranked())
                .param("sample", settings.gate().overlapUsers())
                .param("at", ListComparison.DEPTH)
                .query((row, n) -> new Overlap(row.getLong("users"), row.getLong("parts")))
                .single();
    }

    /**
     * @param users users compared
     * @param parts sum of their shares, in parts of {@link ListComparison#SHARE_PARTS}
     */
    private record Overlap(long users, long parts) {

        double share() {
            return share(1, 1);
        }

        /** The share of all users, of whom those not ranked share everything; divided once, so that a bound is met exactly. */
        double share(long ranked, long all) {
            long whole = users * ListComparison.SHARE_PARTS;
            return (double) ((all - ranked) * whole + ranked * parts) / (all * whole);
        }
    }

    /** The published run and, if that is a refresh, its base. */
    private record PublishedFull(long publishedId, @Nullable Long baseId) {

        long id() {
            return baseId == null ? publishedId : baseId;
        }

        @Override
        public String toString() {
            return baseId == null
                    ? "the published run " + publishedId
                    : "run %d, the base of the published run %d".formatted(baseId, publishedId);
        }
    }
}
