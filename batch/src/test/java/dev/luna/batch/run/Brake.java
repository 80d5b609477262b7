package dev.luna.batch.run;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/**
 * Holds a run still at a known place, whatever process it is in: every transaction that makes a certain change waits until
 * the brake is released. So tests strike "in the middle" without sleeping.
 */
final class Brake implements AutoCloseable {

    /** Where in its transaction the change waits. */
    enum Moment {
        /** In the statement that makes it. */
        STATEMENT("before update"),
        /** In the middle of the commit: who is ended there has rolled back. */
        COMMIT("after update"),
        /** Committed, but not answered yet, as if a replica had to confirm: who is ended there has committed. */
        ANSWER("before update");

        private final String trigger;

        Moment(String trigger) {
            this.trigger = trigger;
        }
    }

    private final Connection holder;
    private final Moment moment;
    private final String table;

    private Brake(Connection holder, Moment moment, String table) {
        this.holder = holder;
        this.moment = moment;
        this.table = table;
    }

    /** Lets each partition commit chunks below so many users. */
    static Brake at(DataSource dataSource, int users) throws SQLException {
        return at(dataSource, Moment.STATEMENT, "run_partition", "new.users_done >= " + users);
    }

    /** The same, but chunks wait in the middle of their commit. */
    static Brake atCommit(DataSource dataSource, int users) throws SQLException {
        return at(dataSource, Moment.COMMIT, "run_partition", "new.users_done >= " + users);
    }

    /**
     * Stops updates of a table.
     *
     * @param condition which updates, as SQL over {@code old} and {@code new}
     */
    static Brake at(DataSource dataSource, Moment moment, String table, String condition) throws SQLException {
        Brake brake = new Brake(dataSource.getConnection(), moment, table);
        brake.execute("select pg_advisory_lock(4711)");
        if (moment == Moment.ANSWER) {
            brake.execute("alter system set synchronous_standby_names = 'nobody'");
            brake.execute("select pg_reload_conf()");
        }
        brake.execute("""
                create or replace function test_brake() returns trigger language plpgsql as $$
                begin
                  if %s then %s; end if;
                  return new;
                end
                $$
                """.formatted(
                        condition,
                        moment == Moment.ANSWER
                                ? "perform set_config('synchronous_commit', 'on', true)"
                                : "perform pg_advisory_xact_lock_shared(4711)"));
        brake.execute("create %s trigger test_brake %s on %s %s for each row execute function test_brake()"
                .formatted(
                        moment == Moment.COMMIT ? "constraint" : "",
                        moment.trigger,
                        table,
                        moment == Moment.COMMIT ? "deferrable initially deferred" : ""));
        return brake;
    }

    /** Waits until somebody waits at the brake. */
    void awaitWaiter() throws InterruptedException {
        Eventually.holds("somebody waits at the brake", () -> {
            try (Statement statement = holder.createStatement();
                    ResultSet row = statement.executeQuery("""
                            select exists (select from pg_locks where locktype = 'advisory' and objid = 4711 and not granted)
                                or exists (select from pg_stat_activity
                                           where datname = current_database() and wait_event = 'SyncRep')
                            """)) {
                row.next();
                return row.getBoolean(1);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    /** Ends every session of the database but the brake's own. */
    void cutAllSessions() throws SQLException {
        Sessions.cutAllBut(holder);
    }

    /** Waits until the run has committed chunks and at least one more waits at the brake. */
    void awaitBraked(long runId) throws InterruptedException {
        awaitWaiter();
        Eventually.holds("run " + runId + " has committed chunks", () -> {
            try (Statement statement = holder.createStatement();
                    ResultSet row = statement.executeQuery(
                            "select sum(users_done) > 0 from run_partition where run_id = " + runId)) {
                row.next();
                return row.getBoolean(1);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    /** Lets everything go on. */
    void release() throws SQLException {
        if (moment == Moment.ANSWER) {
            execute("alter system reset synchronous_standby_names");
            execute("select pg_reload_conf()");
        }
        execute("select pg_advisory_unlock_all()");
    }

    @Override
    public void close() throws SQLException {
        try (holder) {
            release();
            execute("drop trigger if exists test_brake on " + table);
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = holder.createStatement()) {
            statement.execute(sql);
        }
    }
}
