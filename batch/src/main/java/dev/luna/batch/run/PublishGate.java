package dev.luna.batch.run;

import dev.luna.batch.database.RunTables;
import dev.luna.batch.scoring.VenueRankingCodec;
import dev.luna.batch.snapshot.StoppedException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Decides whether a complete run may be published, and records why. Thread-safe. */
@Component
public class PublishGate {

    /** A wrong score is a defect whoever has it, so what is compared one by one has no band. */
    private static final double ALL = 1;

    /** Stored rankings whose scores are read back; larger runs are sampled by pages to about this many. */
    private static final long SCORES_READ = 100_000;

    private final JdbcClient jdbc;
    private final RunLease lease;
    private final RunVerifier verifier;
    private final PublishedComparison comparison;
    private final RecomputeSettings settings;

    PublishGate(
            JdbcClient jdbc,
            RunLease lease,
            RunVerifier verifier,
            PublishedComparison comparison,
            RecomputeSettings settings) {
        this.jdbc = jdbc;
        this.comparison = comparison;
        this.lease = lease;
        this.verifier = verifier;
        this.settings = settings;
    }

    /**
     * Judges a sealed run in the caller's transaction: records checks and checksum, and holds the run if a check fails.
     *
     * @param stopped asked between the checks, and within those that take long
     * @return whether it passed
     * @throws LeaseLostException if the run is no longer the claimant's
     * @throws StoppedException if {@code stopped} said true
     */
    public boolean judge(Claim claim, BooleanSupplier stopped) {
        lease.prove(claim);
        List<GateCheck> checks = checks(claim.runId(), stopped);
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

    private List<GateCheck> checks(long runId, BooleanSupplier stopped) {
        List<Supplier<Optional<GateCheck>>> questions = List.of(
                () -> Optional.of(usersCovered(runId)),
                () -> Optional.of(venuesPerUser(runId)),
                () -> Optional.of(companionsCovered(runId)),
                () -> comparison.size(runId),
                () -> Optional.of(scoresInOrder(runId)),
                () -> settings.gate().sampleUsers() > 0 ? Optional.of(bruteForce(runId, stopped)) : Optional.empty(),
                () -> comparison.overlap(runId));
        List<GateCheck> checks = new ArrayList<>();
        for (Supplier<Optional<GateCheck>> question : questions) {
            if (stopped.getAsBoolean()) {
                throw new StoppedException("judging the run");
            }
            question.get().ifPresent(checks::add);
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
                settings.gate().usersCoveredMin(),
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
        return share(
                "rows",
                stored,
                expected,
                settings.gate().rowsMin(),
                Words.format("%,d of %,d ranked venues are stored", stored, expected));
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
                settings.gate().edgesCoveredMin(),
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
                ALL,
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

    private GateCheck bruteForce(long runId, BooleanSupplier stopped) {
        RunVerifier.Verification found = verifier.verify(runId, settings.gate().sampleUsers(), stopped);
        String difference = found.firstDifference().isEmpty() ? "" : ": " + found.firstDifference();
        return share(
                "brute_force_sample",
                found.equal(),
                found.users(),
                ALL,
                Words.format(
                        "%,d of %,d sampled users have exactly the rankings of brute force%s",
                        found.equal(), found.users(), difference));
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

    private static GateCheck share(String name, long part, long whole, double min, String detail) {
        return GateCheck.of(
                name,
                whole == 0 ? (part == 0 ? 1 : Double.NaN) : (double) part / whole,
                min,
                1,
                min == ALL ? detail : Words.format("%s (expected at least %.1f %%)", detail, min * 100));
    }
}
