package dev.luna.batch.run;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** The sessions of a test's database. */
final class Sessions {

    private static final int GONE_MILLIS = 10_000;

    private Sessions() {}

    /** Ends all of them but one, and returns when they are gone. */
    static void cutAllBut(Connection own) throws SQLException {
        try (Statement statement = own.createStatement()) {
            statement.execute("""
                    select pg_terminate_backend(pid, %d) from pg_stat_activity
                    where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid()
                    """.formatted(GONE_MILLIS));
        }
    }
}
