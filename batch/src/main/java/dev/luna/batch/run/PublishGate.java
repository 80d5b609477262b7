package dev.luna.batch.run;

import dev.luna.batch.database.RunTables;
import dev.luna.batch.database.SideBySide;
import dev.luna.batch.scoring.VenueRankingCodec;
import dev.luna.batch.snapshot.PackedInputs;
import dev.luna.batch.snapshot.StopRequest;
import dev.luna.batch.snapshot.StoppedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Decides whether a complete run may be published, and records why; a trial is held in any case. Thread-safe. */
@Component
public class PublishGate {

    /** A wrong score is a defect whoever has it, so what is compared one by one has no band. */
    private static final double ALL = 1;

    private final JdbcClient jdbc;
    private final RunLease lease;
    private final RunVerifier verifier;
    private final StoredScores scores;
    private final PublishedComparison comparison;
    private final RecomputeSettings settings;

    PublishGate(
            JdbcClient jdbc,
            RunLease lease,
            RunVerifier verifier,
            StoredScores scores,
            PublishedComparison comparison,
            RecomputeSettings settings) {
        this.jdbc = jdbc;
        this.comparison = comparison;
        this.lease = lease;
        this.verifier = verifier;
        this.scores = scores;
        this.settings = settings;
    }

    /**
     * Judges a sealed run in the caller's transaction: records checks and checksum, and holds the run if a check fails or it
     * is a trial. A run that was held before, by a commit that was not answered, is left as it is.
     *
     * @param stopped asked between the checks, and within those that take long
     * @throws LeaseLostException if the run is no longer the claimant's
     * @throws StoppedException if {@code stopped} said true
     */
    public void judge(Claim claim, StopRequest stopped) {
        lease.prove(claim);
        JudgedRun.read(jdbc, claim.runId()).ifPresent(run -> judge(run, stopped));
    }

    private void judge(JudgedRun run, StopRequest stopped) {
        List<GateCheck> checks = checks(run, stopped);
        boolean passed = checks.stream().allMatch(GateCheck::ok);
        jdbc.sql("""
                        update run
                        set gate = cast(:gate as jsonb), checksum = :checksum,
                            state = case when :passed and not hold then state else 'held' end,
                            timings = case when :passed and not hold then timings else %s end,
                            finished_at = case when :passed and not hold then finished_at else clock_timestamp() end
                        where id = :id
                        """.formatted(PhaseTime.ADDED))
                .param("gate", JsonColumns.write(checks))
                .param("checksum", checksum(run))
                .param("passed", passed)
                .param("id", run.id())
                .update();
    }

    /** The brute force computes on a thread of its own while the database counts; all of it is committed. */
    private List<GateCheck> checks(JudgedRun run, StopRequest stopped) {
        List<GateCheck> stored = new ArrayList<>();
        List<GateCheck> compared = new ArrayList<>();
        Optional<GateCheck> recomputed = SideBySide.aside(
                "luna-gate",
                () -> settings.gate().sampleUsers() > 0 ? Optional.of(bruteForce(run.id(), stopped)) : Optional.empty(),
                () -> {
                    proceedUnless(stopped);
                    Rows rows = rows(run.id());
                    stored.addAll(rowsCovered(run, rows));
                    proceedUnless(stopped);
                    stored.add(companionsCovered(run));
                    proceedUnless(stopped);
                    comparison.size(run, rows.entries()).ifPresent(stored::add);
                    proceedUnless(stopped);
                    stored.add(scoresInOrder(run));
                    proceedUnless(stopped);
                    comparison.overlap(run).ifPresent(compared::add);
                });
        return Stream.of(stored, recomputed.stream().toList(), compared)
                .flatMap(List::stream)
                .toList();
    }

    private static void proceedUnless(StopRequest stopped) {
        if (stopped.getAsBoolean()) {
            throw new StoppedException("judging the run");
        }
    }

    /**
     * What is stored of ranked venues.
     *
     * @param users users with ranked venues
     * @param entries ranked venues of all of them
     */
    private record Rows(long users, long entries) {}

    private Rows rows(long runId) {
        return jdbc.sql("""
                        select count(*) filter (where length(ranking) > 0) as users,
                               coalesce(sum(length(ranking) / %s), 0) as entries
                        from %s
                        """.formatted(VenueRankingCodec.ENTRY_BYTES, new RunTables(runId).venueRankings()))
                .query((row, n) -> new Rows(row.getLong("users"), row.getLong("entries")))
                .single();
    }

    private List<GateCheck> rowsCovered(JudgedRun run, Rows rows) {
        String who = run.isRefresh() ? "refreshed users" : "users";
        long expected = run.ranked() * run.listLength();
        return List.of(
                share(
                        "users_covered",
                        rows.users(),
                        run.ranked(),
                        settings.gate().usersCoveredMin(),
                        Words.format("%,d of %,d %s have ranked venues", rows.users(), run.ranked(), who)),
                share(
                        "rows",
                        rows.entries(),
                        expected,
                        settings.gate().rowsMin(),
                        Words.format("%,d of %,d ranked venues are stored", rows.entries(), expected)));
    }

    private GateCheck companionsCovered(JudgedRun run) {
        RunTables tables = new RunTables(run.id());
        long expected = run.isRefresh()
                ? count("select coalesce(sum(length(friends) / %s), 0) from %s"
                        .formatted(PackedInputs.ENTRY_BYTES, tables.inputs()))
                : run.edges();
        long stored = count("select coalesce(sum(friend_count), 0) from " + tables.companionRankings());
        return share(
                "edges_covered",
                stored,
                expected,
                settings.gate().edgesCoveredMin(),
                Words.format("%,d of %,d social edges are behind ranked companions", stored, expected));
    }

    private GateCheck scoresInOrder(JudgedRun run) {
        StoredScores.Found found = scores.read(run.id(), run.ranked());
        return share(
                "scores_finite_and_ordered",
                found.inOrder(),
                found.rankings(),
                ALL,
                Words.format(
                        "%,d of %,d rankings read back have finite scores in descending order",
                        found.inOrder(), found.rankings()));
    }

    private GateCheck bruteForce(long runId, StopRequest stopped) {
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
    private long checksum(JudgedRun run) {
        return jdbc
                .sql("select checksum from run_partition where run_id = :id order by partition_no")
                .param("id", run.id())
                .query(Long.class)
                .list()
                .stream()
                .reduce(run.carriedChecksum(), (a, b) -> a ^ b);
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
