package dev.luna.batch.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * A PostgreSQL database for one test class, on the server of this test JVM.
 *
 * <p>Tests without Spring hold one in a static field: {@code static final TestDatabase database =
 * TestDatabase.migrated();}. Tests with a Spring context get one per context by themselves
 * ({@link TestDatabaseContextCustomizer}) and call {@link #clear(JdbcClient)} before each method. Making one takes about
 * 50 ms; nobody needs to drop it, the server goes with the JVM.
 */
public final class TestDatabase {

    private final PGSimpleDataSource dataSource;

    private TestDatabase(DataSource dataSource) {
        this.dataSource = (PGSimpleDataSource) dataSource;
    }

    /** A database with all migrations and no rows. */
    public static TestDatabase migrated() {
        return new TestDatabase(TestServer.get().newDatabase(true));
    }

    /** A database without any table. */
    public static TestDatabase empty() {
        return new TestDatabase(TestServer.get().newDatabase(false));
    }

    /** Unpooled: each connection is a new session. */
    public DataSource dataSource() {
        return dataSource;
    }

    public JdbcClient jdbc() {
        return JdbcClient.create(dataSource);
    }

    public String url() {
        return dataSource.getUrl();
    }

    public String username() {
        return dataSource.getUser();
    }

    public String password() {
        return dataSource.getPassword();
    }

    /** Removes all rows, and the storage of all runs. */
    public void clear() {
        try (Connection connection = dataSource.getConnection()) {
            clear(JdbcClient.create(new SingleConnectionDataSource(connection, true)));
        } catch (SQLException e) {
            throw new IllegalStateException("cannot connect to " + url(), e);
        }
    }

    /** As {@link #clear()}, for the database of a Spring context. */
    public static void clear(JdbcClient jdbc) {
        jdbc.sql("delete from published_run").update();
        List<Long> runs =
                jdbc.sql("select id from run order by id").query(Long.class).list();
        for (long run : runs) {
            jdbc.sql("select drop_run_storage(?)").param(run).query().listOfRows();
        }
        jdbc.sql("""
                        update run_lease
                        set token = 0, run_id = null, owner = null, acquired_at = null, expires_at = null
                        """).update();
        jdbc.sql("""
                        truncate users, venues, user_venue_interactions, user_social_edges, plans, plan_participants,
                          bookings, booking_change, idempotency_key, batch_job_instance, batch_job_execution, batch_job_execution_params,
                          batch_step_execution, batch_job_execution_context, batch_step_execution_context
                        """).update();
        jdbc.sql("truncate user_change, venue_change").update();
        jdbc.sql("delete from run").update();
    }
}
