package dev.luna.batch.run;

import dev.luna.batch.scoring.VenueRankingCodec;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Measures the storage of kept runs and works out what it will be. Thread-safe. */
@Component
class RunStorageForecast {

    private final JdbcClient jdbc;
    private final RecomputeSettings settings;

    RunStorageForecast(JdbcClient jdbc, RecomputeSettings settings) {
        this.jdbc = jdbc;
        this.settings = settings;
    }

    /** Runs under way are left out: their tables are locked while their keys are built. Counts the users. */
    RunStorage now() {
        return jdbc.sql("""
                        with kept as materialized (
                          select r.id, r.kind, r.state, r.users_total, run_storage_bytes(r.id) as bytes
                          from run r
                          where r.storage_dropped_at is null and r.state <> 'running')
                        select (select count(*) from kept) as runs,
                               (select coalesce(sum(bytes), 0) from kept) as bytes,
                               (select count(*) from users) as users,
                               (select bytes / users_total from kept
                                where kind = 'full' and state in ('completed', 'held') and users_total > 0
                                order by id desc limit 1) as bytes_per_user
                        """)
                .query((row, n) -> {
                    long users = row.getLong("users");
                    Long measured = row.getObject("bytes_per_user", Long.class);
                    long perUser = measured == null
                            ? (long) settings.venuesPerUser() * VenueRankingCodec.ENTRY_BYTES
                            : measured;
                    return new RunStorage(
                            row.getInt("runs"),
                            row.getLong("bytes"),
                            users,
                            settings.venuesPerUser(),
                            settings.keepRuns(),
                            perUser,
                            measured != null,
                            // Refreshes rank everybody who may have changed since their base: all, in the end.
                            2 * users * perUser * settings.keepRuns(),
                            users * perUser);
                })
                .single();
    }
}
