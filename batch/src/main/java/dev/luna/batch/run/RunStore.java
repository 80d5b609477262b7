package dev.luna.batch.run;

import dev.luna.batch.scoring.ScoringProfile;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.BadSqlGrammarException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Reads runs and records their lives. Thread-safe; what reads is one statement and thus one consistent view. */
@Component
class RunStore {

    private final JdbcClient jdbc;

    RunStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** @throws RunNotFoundException if there is no such run */
    Run get(long id) {
        return jdbc.sql(RunRow.SELECT + "where r.id = :id")
                .param("id", id)
                .query(RunRow::read)
                .optional()
                .orElseThrow(() -> new RunNotFoundException(id));
    }

    /**
     * Asks something of the rankings of a run that are complete and kept.
     *
     * @param purpose what they are wanted for, as a verb
     * @throws RunNotFoundException if there is no such run
     * @throws RunRefusedException if they are not, or a publication meanwhile has let the run go, and its tables with it
     */
    <T> T ofComplete(long id, String purpose, Function<Run, T> question) {
        Run run = getComplete(id, purpose);
        try {
            return question.apply(run);
        } catch (BadSqlGrammarException e) {
            getComplete(id, purpose);
            throw e;
        }
    }

    private Run getComplete(long id, String purpose) {
        Run run = get(id);
        if (!run.isPublishable()) {
            throw new RunRefusedException(
                    "Run %d has no complete rankings to %s. %s".formatted(id, purpose, RunSentence.refusing(run)));
        }
        return run;
    }

    List<Run> list(RunFilter filter, @Nullable Long beforeId, int limit) {
        RunKind kind = filter.kind();
        return jdbc.sql(RunRow.SELECT + """
                        where r.id < :before
                          and (cast(:kind as text) is null or r.kind = :kind)
                          and (cardinality(cast(:states as text[])) = 0 or r.state = any(cast(:states as text[])))
                        order by r.id desc limit :limit
                        """)
                .param("kind", kind == null ? null : stored(kind))
                .param("states", filter.states().stream().map(RunStore::stored).toArray(String[]::new))
                .param("before", beforeId == null ? Long.MAX_VALUE : beforeId)
                .param("limit", limit)
                .query(RunRow::read)
                .list();
    }

    Optional<Run> published() {
        return jdbc.sql(RunRow.SELECT + "where p.run_id is not null")
                .query(RunRow::read)
                .optional();
    }

    /** The run under way or left behind by a dead process; there is at most one. */
    Optional<Run> running() {
        return jdbc.sql(RunRow.SELECT + "where r.state = 'running'")
                .query(RunRow::read)
                .optional();
    }

    /** The run whose lease is live: under way, or complete while its process removes old runs. */
    Optional<Run> leased() {
        return jdbc.sql(RunRow.SELECT + "where " + RunLease.IS_LIVE)
                .query(RunRow::read)
                .optional();
    }

    /** Whether there is anything to rank and anybody to rank it for. */
    boolean hasInputs() {
        return jdbc.sql("select exists (select from users) and exists (select from venues)")
                .query(Boolean.class)
                .single();
    }

    List<PartitionProgress> partitions(long id) {
        return jdbc.sql("""
                        select partition_no, end_position - first_position as users, users_done from run_partition
                        where run_id = :id order by partition_no
                        """)
                .param("id", id)
                .query((row, n) -> new PartitionProgress(
                        row.getInt("partition_no"), row.getInt("users_done"), row.getInt("users")))
                .list();
    }

    /** Whether the schedule has already got a run of this kind for this tick. */
    boolean hasStarted(RunKind kind, Instant tick) {
        return jdbc.sql("select exists (select from run where kind = :kind and scheduled_for = :tick)")
                .param("kind", stored(kind))
                .param("tick", Timestamp.from(tick))
                .query(Boolean.class)
                .single();
    }

    /** Keeps a request to stop the run, whoever is told of it and whether that works; the first one counts. */
    void requestStop(long id, String by) {
        jdbc.sql("insert into run_stop (run_id, requested_by) values (:id, :by) on conflict do nothing")
                .param("id", id)
                .param("by", by)
                .update();
    }

    /** What was asked before does not stop the run any more. */
    void forgetStop(long id) {
        jdbc.sql("delete from run_stop where run_id = :id").param("id", id).update();
    }

    /** Records who publishes the run although the gate held it back. */
    void forced(long id, String by) {
        jdbc.sql("update run set forced_at = clock_timestamp(), forced_by = :by where id = :id")
                .param("by", by)
                .param("id", id)
                .update();
    }

    /**
     * A new run in state running, with empty storage of its own. Needs {@link RunLock}, as it counts the publications before it.
     *
     * @param baseRunId the full run that a refresh is relative to; null for a full run
     * @param hold whether it is to be held when it is complete
     * @param tick the tick of the schedule that asked for it; null when somebody did
     */
    long create(
            RunKind kind,
            @Nullable Long baseRunId,
            String requestedBy,
            boolean hold,
            ScoringProfile profile,
            RunSettings settings,
            @Nullable Instant tick) {
        long id = jdbc.sql("""
                        insert into run (kind, base_run_id, requested_by, hold, scheduled_for, profile, settings,
                                         publications_before, created_at, phase_started_at)
                        values (:kind, :baseRunId, :requestedBy, :hold, :tick, cast(:profile as jsonb), cast(:settings as jsonb),
                                coalesce((select publications from published_run), 0), clock_timestamp(), clock_timestamp())
                        returning id
                        """)
                .param("kind", stored(kind))
                .param("baseRunId", baseRunId)
                .param("tick", tick == null ? null : Timestamp.from(tick))
                .param("requestedBy", requestedBy)
                .param("hold", hold)
                .param("profile", JsonColumns.write(profile))
                .param("settings", JsonColumns.write(settings))
                .query(Long.class)
                .single();
        jdbc.sql("select create_run_storage(:id)")
                .param("id", id)
                .query((row, n) -> id)
                .single();
        return id;
    }

    /**
     * Puts a run that nobody works on back to running. The time of an attempt that ended without a word counts up to the
     * end of its lease.
     */
    void resume(long id, @Nullable Instant lastSign) {
        jdbc.sql("""
                        update run
                        set timings = case when cast(:lastSign as timestamptz) is null then timings else %s end,
                            state = 'running', phase_started_at = clock_timestamp(), finished_at = null, failure = null
                        where id = :id
                        """.formatted(PhaseTime.addedUntil("cast(:lastSign as timestamptz)")))
                .param("id", id)
                .param("lastSign", lastSign == null ? null : Timestamp.from(lastSign))
                .update();
    }

    /** Counts a take-over by nobody's wish, and returns how many there were in a row since the run got any further. */
    int countTakeOver(long id) {
        return jdbc.sql("""
                        update run
                        set takeovers = case when takeover_phase = phase and takeover_users = done then takeovers + 1 else 1 end,
                            takeover_phase = phase, takeover_users = done
                        from (select coalesce(sum(users_done), 0) as done from run_partition where run_id = :id) progress
                        where id = :id
                        returning takeovers
                        """).param("id", id).query(Integer.class).single();
    }

    /** The next take-over by nobody's wish is the first again. */
    void forgetTakeOvers(long id) {
        jdbc.sql("update run set takeover_phase = null where id = :id")
                .param("id", id)
                .update();
    }

    /** Ends a running run that is not complete. False for one that ended meanwhile, which stays as it is. */
    boolean end(long id, RunState state, @Nullable RunFailure failure) {
        return jdbc.sql("""
                        update run
                        set timings = %s,
                            state = :state, finished_at = clock_timestamp(), failure = cast(:failure as jsonb)
                        where id = :id and state = 'running'
                        """.formatted(PhaseTime.ADDED))
                        .param("id", id)
                        .param("state", stored(state))
                        .param("failure", failure == null ? null : JsonColumns.write(failure))
                        .update()
                == 1;
    }

    private static String stored(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
