package dev.luna.batch.database;

import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.callback.BaseCallback;
import org.flywaydb.core.api.callback.Context;
import org.flywaydb.core.api.callback.Event;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Lets a migration wait for a table only briefly, then do it all again after a rest: whoever waits for a table that somebody
 * reads for long keeps all others out of it meanwhile.
 */
final class BriefLocks extends BaseCallback {

    private static final Logger log = LoggerFactory.getLogger(BriefLocks.class);

    private static final long REST_MILLIS = 4_000;
    private static final long LOOK_MILLIS = 200;

    /** Of attempts, one of which takes some 5 s. */
    private static final int ATTEMPTS_PER_WARNING = 12;

    /** Flyway's, one a second, for the lock by which one process at a time upgrades. */
    static final int ATTEMPTS_AT_TURN = 4;

    /** What Flyway says, without an error code, after them. */
    private static final String NO_TURN = "Number of retries exceeded while attempting to acquire";

    @Override
    public boolean supports(Event event, Context context) {
        return event == Event.BEFORE_EACH_MIGRATE;
    }

    @Override
    public void handle(Event event, Context context) {
        refuseAtEnd();
        try (Statement statement = context.getConnection().createStatement()) {
            // An autovacuum in the way is cancelled for who has waited for deadlock_timeout, and needs a moment to go.
            // Others are not kept out for much longer where that is raised.
            statement.execute("""
                    select set_config(
                      'lock_timeout',
                      least(3000, 500 + 1000 * extract(epoch from current_setting('deadlock_timeout')::interval))::int::text,
                      true)
                    """);
        } catch (SQLException e) {
            throw new FlywayException("The migration's patience cannot be set", e);
        }
    }

    /** Does a migration, as often as it takes until it gets its turn and its tables, or until this process ends. */
    static void retry(Runnable migration, JdbcClient jdbc) {
        int attempts = 0;
        while (true) {
            refuseAtEnd();
            try {
                migration.run();
                return;
            } catch (FlywayException e) {
                if (String.valueOf(e.getMessage()).startsWith(NO_TURN)) {
                    continue; // it was rested between them
                }
                if (!SqlFailure.isLockTimeout(e)) {
                    throw e;
                }
                if (attempts++ % ATTEMPTS_PER_WARNING == 0) {
                    List<String> users = users(jdbc);
                    log.warn(
                            "The upgrade of the database's tables waits for whoever uses them: {}. End these transactions, or wait until they have ended",
                            users.isEmpty() ? "nobody just now" : users);
                }
            }
            rest();
        }
    }

    private static void rest() {
        try {
            for (long rested = 0; rested < REST_MILLIS; rested += LOOK_MILLIS) {
                refuseAtEnd();
                Thread.sleep(LOOK_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FlywayException("Interrupted while waiting for tables to upgrade", e);
        }
    }

    /** Spring's hook waits for the thread that starts the application: a wait that went on would outlive Ctrl-C. */
    private static void refuseAtEnd() {
        if (ProcessEnd.isUnderWay()) {
            throw new DatabaseStartException(
                    "the upgrade of the database's tables is left undone, for this process ends");
        }
    }

    /**
     * Transactions that hold locks on its tables, the oldest first. Everybody sees the locks, but of another role's session only
     * whose it is, and not how old. A prepared transaction has no session, an autovacuum no role.
     */
    private static List<String> users(JdbcClient jdbc) {
        return jdbc.sql("""
                        with holder as (
                          select distinct pid, virtualtransaction
                          from pg_locks
                          where granted and locktype = 'relation' and pid is distinct from pg_backend_pid()
                            and database = (select oid from pg_database where datname = current_database())
                            and relation in (
                              select c.oid from pg_class c join pg_namespace n on n.oid = relnamespace
                              where nspname = current_schema())
                        )
                        select case
                                 when holder.pid is null then 'prepared transaction' || coalesce(' ' || quote_literal(gid), '')
                                 else format('session %s of %s', holder.pid, coalesce(usename, 'autovacuum'))
                                   || coalesce(' (' || nullif(application_name, '') || ')', '')
                               end || coalesce(' since ' || coalesce(xact_start, prepared)::timestamp(0)::text, '')
                        from holder
                          left join pg_stat_activity activity on activity.pid = holder.pid
                          -- which holds the lock of its own number, too
                          left join (pg_locks own join pg_prepared_xacts on own.transactionid = transaction)
                            on holder.pid is null and own.pid is null
                              and own.virtualtransaction = holder.virtualtransaction
                        where holder.pid is null or activity.pid is not null -- not those that have just ended
                        order by coalesce(xact_start, prepared), holder.pid
                        limit 3
                        """).query(String.class).list();
    }
}
