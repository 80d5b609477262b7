package dev.luna.batch.run;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What the gate must know of a run to judge it.
 *
 * @param baseId the full run that a refresh is relative to; null for a full run
 * @param users users of its snapshot
 * @param ranked of them, those that it ranks: all of a full run's
 * @param edges social edges of its snapshot
 * @param listLength ranked venues due to each user
 * @param carriedChecksum of those who keep the base's rows
 */
record JudgedRun(
        long id, @Nullable Long baseId, long users, long ranked, long edges, long listLength, long carriedChecksum) {

    /** Reads a run; empty if it is held or published by now, and so judged. */
    static Optional<JudgedRun> read(JdbcClient jdbc, long id) {
        return jdbc.sql("""
                        select base_run_id, users_total, edges_total, carried_checksum,
                               least(venues_total, (settings ->> 'venues_per_user')::bigint) as list_length,
                               (select coalesce(sum(end_position - first_position), 0)
                                from run_partition p where p.run_id = r.id) as ranked
                        from run r where id = :id and state = 'running'
                        """)
                .param("id", id)
                .query((row, n) -> new JudgedRun(
                        id,
                        row.getObject("base_run_id", Long.class),
                        row.getLong("users_total"),
                        row.getLong("ranked"),
                        row.getLong("edges_total"),
                        row.getLong("list_length"),
                        row.getLong("carried_checksum")))
                .optional();
    }

    boolean isRefresh() {
        return baseId != null;
    }
}
