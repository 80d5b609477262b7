package dev.luna.batch.run;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Holds scoring still at a known place, whatever process it is in: every chunk that would take a partition to so many users
 * waits inside its transaction until the brake is released. So tests strike "in the middle" without sleeping.
 */
final class Brake implements AutoCloseable {

    private final JdbcClient jdbc;
    private final Connection holder;

    private Brake(JdbcClient jdbc, Connection holder) {
        this.jdbc = jdbc;
        this.holder = holder;
    }

    /** Lets each partition commit chunks below so many users. */
    static Brake at(DataSource dataSource, int users) throws SQLException {
        return set(dataSource, users, "create trigger test_brake before update on run_partition");
    }

    /** The same, but chunks wait in the middle of their commit. */
    static Brake atCommit(DataSource dataSource, int users) throws SQLException {
        return set(
                dataSource,
                users,
                "create constraint trigger test_brake after update on run_partition deferrable initially deferred");
    }

    private static Brake set(DataSource dataSource, int users, String trigger) throws SQLException {
        JdbcClient jdbc = JdbcClient.create(dataSource);
        Connection holder = dataSource.getConnection();
        try (Statement statement = holder.createStatement()) {
            statement.execute("select pg_advisory_lock(4711)");
        }
        jdbc.sql("""
                        create or replace function test_brake() returns trigger language plpgsql as $$
                        begin
                          if new.users_done >= %d then perform pg_advisory_xact_lock_shared(4711); end if;
                          return new;
                        end
                        $$
                        """.formatted(users)).update();
        jdbc.sql(trigger + " for each row execute function test_brake()").update();
        return new Brake(jdbc, holder);
    }

    /** Waits until the run has committed chunks and at least one more waits at the brake. */
    void awaitBraked(long runId) throws InterruptedException {
        Eventually.holds(
                "run " + runId + " waits at the brake",
                () -> jdbc.sql("""
                                select coalesce(sum(users_done), 0) > 0 and exists (
                                  select from pg_locks where locktype = 'advisory' and objid = 4711 and not granted)
                                from run_partition where run_id = :run
                                """).param("run", runId).query(Boolean.class).single());
    }

    /** Lets everything go on. */
    void release() throws SQLException {
        if (!holder.isClosed()) {
            try (Statement statement = holder.createStatement()) {
                statement.execute("select pg_advisory_unlock(4711)");
            }
            holder.close();
        }
    }

    @Override
    public void close() throws SQLException {
        release();
        jdbc.sql("drop trigger if exists test_brake on run_partition").update();
    }
}
