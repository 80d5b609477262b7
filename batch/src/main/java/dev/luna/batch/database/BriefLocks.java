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

    /** Of attempts, one of which takes 5 s. */
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
            statement.execute("set local lock_timeout = '1s'");
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
                List<String> users = attempts++ % ATTEMPTS_PER_WARNING == 0 ? users(jdbc) : List.of();
                if (!users.isEmpty()) {
                    log.warn(
                            "The upgrade of the database's tables waits for whoever uses them: {}. End these transactions, or wait until they have ended",
                            users);
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

    /** The oldest transactions; a role that is no superuser sees of others' only that they are there. */
    private static List<String> users(JdbcClient jdbc) {
        return jdbc.sql("""
                        select format('session %s%s', pid, coalesce(' (' || nullif(application_name, '') || ')', '')
                                 || coalesce(' since ' || xact_start::timestamp(0)::text, ''))
                        from pg_stat_activity
                        where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid()
                          and state is distinct from 'idle'
                        order by xact_start
                        limit 3
                        """).query(String.class).list();
    }
}
