package dev.luna.batch.run;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The lease on the one run that may be worked on, and its fencing token. Time is the database's clock only.
 *
 * <p>How fencing holds: a chunk proves its token by a key-share lock on the lease's row, kept to the end of the chunk's
 * transaction. A takeover locks the row for update, which waits for such transactions, then raises the token; a chunk that
 * comes later finds its token gone and rolls back. A renewal changes no key, so it neither waits for chunks nor blocks
 * them. Thread-safe.
 */
@Component
public class RunLease {

    /** How often sessions that prove themselves meanwhile are ended before the row is waited for. */
    private static final int ENDINGS = 100;

    /**
     * Whether a lease runs, as SQL on its row. One that is to run for more than twice what it was given for was written while
     * the clock was ahead; by less, a clock may be put back under a living owner.
     */
    static final String IS_LIVE = "(expires_at > clock_timestamp()"
            + " and expires_at <= clock_timestamp() + duration + greatest(duration, interval '5 seconds'))";

    private final JdbcClient jdbc;
    private final RecomputeSettings settings;
    private final String self;

    RunLease(JdbcClient jdbc, RecomputeSettings settings, ProcessName process) {
        this.jdbc = jdbc;
        this.settings = settings;
        this.self = process.name();
    }

    /**
     * Proves, inside the caller's transaction and until it ends, that the run is still the claimant's.
     *
     * @throws LeaseLostException if it is not; the transaction must roll back
     */
    public void prove(Claim claim) {
        boolean held = jdbc.sql("""
                        select 1 from run_lease
                        where token = :token and run_id = :runId
                        for key share
                        """)
                .param("token", claim.token())
                .param("runId", claim.runId())
                .query((row, n) -> 1)
                .optional()
                .isPresent();
        if (!held) {
            throw new LeaseLostException(claim);
        }
    }

    /**
     * Makes this process the owner of a run whose lease is free or lapsed. Needs {@link RunLock}. Sessions of a lapsed owner
     * that still hold a proof are ended first: a frozen process would otherwise block its own takeover.
     */
    Claim take(long runId) {
        endProofs();
        // By a random step, or a claim that was rolled back could not be told from the next one, which isOwn does.
        long token = jdbc.sql("""
                        update run_lease
                        set token = token + 1 + floor(random() * 1e9)::bigint, run_id = :runId, owner = :owner, acquired_at = clock_timestamp(),
                            duration = make_interval(secs => :seconds),
                            expires_at = clock_timestamp() + make_interval(secs => :seconds)
                        returning token
                        """)
                .param("runId", runId)
                .param("owner", self)
                .param("seconds", settings.lease().toMillis() / 1000.0)
                .query(Long.class)
                .single();
        return new Claim(runId, token);
    }

    /** Whether the claim was committed and still holds. */
    boolean isOwn(Claim claim) {
        return jdbc.sql("select exists (select from run_lease where token = :token and run_id = :runId)")
                .param("token", claim.token())
                .param("runId", claim.runId())
                .query(Boolean.class)
                .single();
    }

    /** Extends the lease to its full length from now. False if it is no longer the claimant's. */
    boolean renew(Claim claim) {
        return jdbc.sql("""
                                update run_lease
                                set expires_at = clock_timestamp() + duration
                                where token = :token and run_id = :runId
                                """)
                        .param("token", claim.token())
                        .param("runId", claim.runId())
                        .update()
                == 1;
    }

    /** Gives the lease back. False if it is no longer the claimant's. */
    boolean release(Claim claim) {
        return jdbc.sql("""
                                update run_lease
                                set run_id = null, owner = null, acquired_at = null, expires_at = null
                                where token = :token and run_id = :runId
                                """)
                        .param("token", claim.token())
                        .param("runId", claim.runId())
                        .update()
                == 1;
    }

    /**
     * Takes the run away from this process's own computation, which does not come to an end by itself: after the caller's
     * transaction it can write nothing more. False if the run is no longer the claimant's. Needs {@link RunLock}.
     */
    boolean revoke(Claim claim) {
        if (!renew(claim)) {
            return false;
        }
        endProofs();
        return release(claim);
    }

    /**
     * Ends the sessions that hold a proof, and keeps new ones out until the caller's transaction ends. One that proves itself
     * between the two is ended as well: how long its owner would keep it nobody knows.
     */
    private void endProofs() {
        for (int n = 0; n < ENDINGS; n++) {
            // The sleep lets sessions that are being ended give up their locks.
            jdbc.sql("""
                            select pg_sleep(0.01 * count(pg_terminate_backend(pid))) from pg_locks
                            where relation = 'run_lease'::regclass
                              and database = (select oid from pg_database where datname = current_database())
                              and mode = 'RowShareLock' and granted and pid <> pg_backend_pid()
                            """).query((row, at) -> 1).list();
            boolean locked = !jdbc.sql("select token from run_lease for update skip locked")
                    .query(Long.class)
                    .list()
                    .isEmpty();
            if (locked) {
                return;
            }
        }
        // No proof then, but a renewal, which ends by itself.
        jdbc.sql("select token from run_lease for update").query(Long.class).single();
    }
}
