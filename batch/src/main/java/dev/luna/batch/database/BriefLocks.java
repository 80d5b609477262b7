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

    /** Of attempts, one of which takes 5 s. */
    private static final int ATTEMPTS_PER_WARNING = 12;

    @Override
    public boolean supports(Event event, Context context) {
        return event == Event.BEFORE_EACH_MIGRATE;
    }

    @Override
    public void handle(Event event, Context context) {
        try (Statement statement = context.getConnection().createStatement()) {
            statement.execute("set local lock_timeout = '1s'");
        } catch (SQLException e) {
            throw new FlywayException("The migration's patience cannot be set", e);
        }
    }

    /** Does a migration, as often as it takes until it gets its tables. */
    static void retry(Runnable migration, JdbcClient jdbc) {
        for (int attempt = 0; ; attempt++) {
            try {
                migration.run();
                return;
            } catch (FlywayException e) {
                if (!SqlFailure.isLockTimeout(e)) {
                    throw e;
                }
                List<String> users = attempt % ATTEMPTS_PER_WARNING == 0 ? users(jdbc) : List.of();
                if (!users.isEmpty()) {
                    log.warn(
                            "The upgrade of the database's tables waits for whoever uses them: {}. End these transactions, or wait until they have ended",
                            users);
                }
            }
            try {
                Thread.sleep(REST_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new FlywayException("Interrupted while waiting for tables to upgrade", e);
            }
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
