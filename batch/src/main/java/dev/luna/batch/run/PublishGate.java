package dev.luna.batch.run;

import dev.luna.batch.database.RunTables;
import dev.luna.batch.scoring.VenueRankingCodec;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Decides whether a complete run may be published, and records why. Thread-safe. */
@Component
public class PublishGate {

    /** How much of each list the overlap looks at. */
    private static final int OVERLAP_AT = 10;

    /** Stored rankings whose scores are read back; larger runs are sampled by pages to about this many. */
    private static final long SCORES_READ = 100_000;

    private final JdbcClient jdbc;
    private final RunLease lease;
    private final RunVerifier verifier;
    private final RecomputeSettings settings;

    PublishGate(JdbcClient jdbc, RunLease lease, RunVerifier verifier, RecomputeSettings settings) {
        this.jdbc = jdbc;
        this.lease = lease;
        this.verifier = verifier;
        this.settings = settings;
    }

    /**
     * Judges a sealed run in the caller's transaction: records checks and checksum, and holds the run if a check fails.
     *
     * @return whether it passed
     * @throws LeaseLostException if the run is no longer the claimant's
     */
    public boolean judge(Claim claim) {
        lease.prove(claim);
        List<GateCheck> checks = checks(claim.runId());
        boolean passed = checks.stream().allMatch(GateCheck::ok);
        jdbc.sql("""
                        update run
                        set gate = cast(:gate as jsonb), checksum = :checksum,
                            state = case when :passed then state else 'held' end,
                            timings = case when :passed then timings else
                              jsonb_set(timings, array[phase], to_jsonb(coalesce((timings ->> phase)::float8, 0)
                                + extract(epoch from clock_timestamp() - phase_started_at)::float8)) end,
                            finished_at = case when :passed then finished_at else clock_timestamp() end
                        where id = :id
                        """)
                .param("gate", RunJson.write(checks))
                .param("checksum", checksum(claim.runId()))
                .param("passed", passed)
                .param("id", claim.runId())
                .update();
        return passed;
    }

    private List<GateCheck> checks(long runId) {
        List<GateCheck> checks = new ArrayList<>();
        checks.add(usersCovered(runId));
        checks.add(venuesPerUser(runId));
        checks.add(companionsCovered(runId));
        checks.add(scoresInOrder(runId));
        if (settings.gate().sampleUsers() > 0) {
            checks.add(bruteForce(runId));
        }
        if (settings.gate().overlapUsers() > 0) {
            Optional<Long> base = base(runId);
            if (base.isPresent()) {
                checks.add(overlapOfGeneration(runId, base.get()));
            } else {
                published(runId).ifPresent(published -> checks.add(overlap(runId, published)));
            }
        }
        return checks;
    }

    private GateCheck usersCovered(long runId) {
        long total = planned(runId);
        long ranked =
                count("select count(*) from " + new RunTables(runId).venueRankings() + " where length(ranking) > 0");
        return share(
                "users_covered",
                ranked,
                total,
                base(runId).isPresent()
                        ? Words.format("%,d of %,d refreshed users have ranked venues", ranked, total)
                        : Words.format("%,d of %,d users have ranked venues", ranked, total));
    }

    /** Users that the run ranks: all of a full run's snapshot. */
    private long planned(long runId) {
        return count(
                "select coalesce(sum(end_position - first_position), 0) from run_partition where run_id = " + runId);
    }

    private Optional<Long> base(long runId) {
        return jdbc.sql("select base_run_id from run where id = :id and base_run_id is not null")
                .param("id", runId)
                .query(Long.class)
                .optional();
    }

    private GateCheck venuesPerUser(long runId) {
        RunTables tables = new RunTables(runId);
        long expected = planned(runId) * count("""
                select least(venues_total, (settings ->> 'venues_per_user')::bigint) from run where id = %d
                """.formatted(runId));
        long stored = count("select coalesce(sum(length(ranking) / 16), 0) from " + tables.venueRankings());
        return share("rows", stored, expected, Words.format("%,d of %,d ranked venues are stored", stored, expected));
    }

    private GateCheck companionsCovered(long runId) {
        RunTables tables = new RunTables(runId);
        long expected = base(runId).isPresent()
                ? count("select coalesce(sum(length(friends) / 12), 0) from " + tables.inputs())
                : count("select edges_total from run where id = " + runId);
        long stored = count("select coalesce(sum(friend_count), 0) from " + tables.companionRankings());
        return share(
                "edges_covered",
                stored,
                expected,
                Words.format("%,d of %,d social edges are behind ranked companions", stored, expected));
    }

    private GateCheck scoresInOrder(long runId) {
        long users = planned(runId);
        double percent = users <= SCORES_READ ? 100 : 100.0 * SCORES_READ / users;
        long[] found = new long[2];
        jdbc.sql("select ranking from %s tablesample system (%s) repeatable (1)"
                        .formatted(new RunTables(runId).venueRankings(), percent))
                .withFetchSize(1000)
                .query((RowCallbackHandler) row -> {
                    found[0] += hasFiniteDescendingScores(row.getBytes(1)) ? 1 : 0;
                    found[1]++;
                });
        return share(
                "scores_finite_and_ordered",
                found[0],
                found[1],
                Words.format(
                        "%,d of %,d rankings read back have finite scores in descending order", found[0], found[1]));
    }

    private static boolean hasFiniteDescendingScores(byte[] ranking) {
        ByteBuffer packed = ByteBuffer.wrap(ranking);
        float before = Float.MAX_VALUE;
        for (int at = 0; at < ranking.length; at += VenueRankingCodec.ENTRY_BYTES) {
            float score = packed.getFloat(at + 4);
            // Written so that NaN fails too.
            if (!(score >= 0 && score <= before)) {
                return false;
            }
            before = score;
        }
        return true;
    }

    private GateCheck bruteForce(long runId) {
        RunVerifier.Verification found = verifier.verify(runId, settings.gate().sampleUsers());
        String difference = found.firstDifference().isEmpty() ? "" : ": " + found.firstDifference();
        return share(
                "brute_force_sample",
                found.equal(),
                found.users(),
                Words.format(
                        "%,d of %,d sampled users have exactly the rankings of brute force%s",
                        found.equal(), found.users(), difference));
    }

    /** The full run that readers see, or see as the base of a refresh; empty if there is none or it is this one. */
    private Optional<Long> published(long runId) {
        return jdbc.sql("""
                        select coalesce(r.base_run_id, r.id) from published_run p join run r on r.id = p.run_id
                        where p.run_id <> :id
                        """).param("id", runId).query(Long.class).optional();
    }

    private GateCheck overlap(long runId, long publishedId) {
        Overlap found = measureOverlap(runId, publishedId);
        if (found.users() == 0) {
            return new GateCheck(
                    "overlap_at_10",
                    null,
                    settings.gate().overlapMin(),
                    settings.gate().overlapMax(),
                    settings.gate().overlapMin() == 0,
                    "none of the sampled users is in the published run %d".formatted(publishedId));
        }
        return overlapInBand(
                found.share(),
                Words.format(
                        "%.1f %% of the first 10 venues are the published run %d's, over %,d users",
                        found.share() * 100, publishedId, found.users()));
    }

    /** Users who are not refreshed keep the rankings of the base, so they count as they are. */
    private GateCheck overlapOfGeneration(long runId, long baseId) {
        Overlap found = measureOverlap(runId, baseId);
        long refreshed = planned(runId);
        long users = count("select users_total from run where id = " + runId);
        double share =
                users == 0 || found.users() == 0 ? 1 : 1 - (1 - found.share()) * refreshed / Math.max(users, refreshed);
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
    private Overlap measureOverlap(long runId, long otherId) {
        RunTables mine = new RunTables(runId);
        RunTables other = new RunTables(otherId);
        long planned = planned(runId);
        return jdbc.sql("""
                        with sampled as (
                          select user_id from %1$s where position < :users and position %% greatest(1, :users / :sample) = 0),
                        entry as (
                          select s.user_id, v.venue_id, 1 as mine
                          from sampled s join %2$s r using (user_id)
                          cross join lateral generate_series(1, least(:at, length(r.ranking) / 16)) as e(rank)
                          join %3$s v on v.venue_no = packed_int4(r.ranking, e.rank * 16 - 16)
                          union all
                          select s.user_id, v.venue_id, 0
                          from sampled s join %4$s r using (user_id)
                          cross join lateral generate_series(1, least(:at, length(r.ranking) / 16)) as e(rank)
                          join %5$s v on v.venue_no = packed_int4(r.ranking, e.rank * 16 - 16)),
                        listed as (
                          select user_id, venue_id, count(*) as runs, sum(mine) as mine from entry group by user_id, venue_id),
                        compared as (
                          select user_id, count(*) filter (where runs = 2)::float8
                              / greatest(sum(mine), count(*) filter (where runs = 2 or mine = 0)) as share
                          from listed group by user_id
                          having sum(mine) > 0 and count(*) filter (where runs = 2 or mine = 0) > 0)
                        select count(*) as users, avg(share) as share from compared
                        """.formatted(
                        mine.inputs(), mine.venueRankings(), mine.venues(), other.venueRankings(), other.venues()))
                .param("users", planned)
                .param("sample", settings.gate().overlapUsers())
                .param("at", OVERLAP_AT)
                .query((row, n) -> new Overlap(row.getLong("users"), row.getDouble("share")))
                .single();
    }

    /** Of the whole generation: the users ranked here, and those who keep the base's rows. */
    private long checksum(long runId) {
        return jdbc
                .sql("select checksum from run_partition where run_id = :id order by partition_no")
                .param("id", runId)
                .query(Long.class)
                .list()
                .stream()
                .reduce(count("select carried_checksum from run where id = " + runId), (a, b) -> a ^ b);
    }

    private long count(String sql) {
        return jdbc.sql(sql).query(Long.class).single();
    }

    private static GateCheck share(String name, long part, long whole, String detail) {
        return GateCheck.of(name, whole == 0 ? (part == 0 ? 1 : Double.NaN) : (double) part / whole, 1, 1, detail);
    }

    private record Overlap(long users, double share) {}
}
