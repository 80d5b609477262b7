package dev.luna.batch.run;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The sessions of a test's database. */
public final class Sessions {

    private static final int GONE_MILLIS = 10_000;

    private Sessions() {}

    /** How many of them wait for a lock, of whatever kind. */
    public static int waiting(JdbcClient jdbc) {
        // Locks on transactions are of no database.
        return jdbc.sql("""
                        select count(*) from pg_locks l join pg_stat_activity s using (pid)
                        where s.datname = current_database() and not l.granted
                        """).query(Integer.class).single();
    }

    /** Whether one of them waits for {@link RunLock}. */
    static boolean isRunLockAwaited(JdbcClient jdbc) {
        return isRunLockAwaitedBy(jdbc, 1);
    }

    /** Whether so many of them wait for {@link RunLock}; they get it in the order in which they came. */
    static boolean isRunLockAwaitedBy(JdbcClient jdbc, int sessions) {
        return jdbc.sql("""
                        select count(*) = :sessions
                        from pg_locks l join pg_database d on d.oid = l.database
                        where d.datname = current_database() and l.locktype = 'advisory' and l.objid = :key
                          and not l.granted
                        """)
                .param("sessions", sessions)
                .param("key", RunLock.KEY)
                .query(Boolean.class)
                .single();
    }

    /** Whether nobody holds {@link RunLock}. */
    static boolean isRunLockFree(JdbcClient jdbc) {
        return jdbc.sql("select pg_try_advisory_xact_lock(:key)")
                .param("key", RunLock.KEY)
                .query(Boolean.class)
                .single();
    }

    /** Whether one of them waits for a row of this table. */
    static boolean isRowAwaited(JdbcClient jdbc, String table) {
        return jdbc.sql("""
                        select exists (
                          select from pg_locks t join pg_locks r using (pid)
                          where t.relation = cast(:table as regclass) and r.locktype = 'transactionid' and not r.granted)
                        """).param("table", table).query(Boolean.class).single();
    }

    /** Ends all of them but one, and returns when they are gone. */
    static void cutAllBut(Connection own) throws SQLException {
        try (Statement statement = own.createStatement()) {
            // A transaction goes on seeing those that it saw first.
            statement.execute("select pg_stat_clear_snapshot()");
            statement.execute("""
                    select pg_terminate_backend(pid, %d) from pg_stat_activity
                    where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid()
                    """.formatted(GONE_MILLIS));
        }
    }
}
