package dev.luna.batch.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.luna.batch.run.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import java.util.concurrent.FutureTask;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Databases that are given to Luna, and what it says of those that are not fit. */
@ExtendWith(OutputCaptureExtension.class)
class SchemaMigrationIT {

    private final TestDatabase database = TestDatabase.empty();
    private final JdbcClient jdbc = database.jdbc();

    @Test
    void anEmptyDatabaseGetsAllTables() {
        migrate(database.dataSource());

        assertThat(tables()).contains("users", "run", "plans", "batch_job_instance", "qrtz_triggers");
        migrate(database.dataSource());
    }

    /** The first schema of a search path is Luna's; a function replaced by a later migration must be told so again. */
    @Test
    void twoLunasInOneDatabaseKeepApart() {
        String name = jdbc.sql("select current_database()").query(String.class).single();
        PGSimpleDataSource second = (PGSimpleDataSource) session(name, database.username(), database.password());
        second.setCurrentSchema("\"Luna's Own\", public");
        migrate(database.dataSource());
        jdbc.sql("create schema \"Luna's Own\"").update();
        migrate(second);

        jdbc.sql("""
                        insert into "Luna's Own".users (id, handle, name)
                        values ('00000000-0000-4000-8000-00000000000a', 'ada', 'Ada')
                        """).update();

        assertThat(jdbc.sql("""
                        select (select count(*) from "Luna's Own".user_change) || ' and ' || (select count(*) from user_change)
                        """).query(String.class).single()).isEqualTo("1 and 0");
        assertThat(jdbc.sql("""
                        select proname || coalesce(' ' || array_to_string(proconfig, ' '), '') from pg_proc
                        where pronamespace = '"Luna''s Own"'::regnamespace
                          and proconfig is distinct from array['search_path="Luna''s Own", pg_temp']
                        order by 1
                        """).query(String.class).list())
                .as("functions that do not know their schema: only those that call built-in ones")
                .containsExactly("packed_float4", "packed_int2", "packed_int4");
    }

    /** PostgreSQL tells an ordinary role of others' sessions only that they are there. */
    @Test
    void anUpgradeGivesWayToWhoReadsForLongAndIsDoneThen(CapturedOutput output) throws Exception {
        String name = jdbc.sql("select current_database()").query(String.class).single();
        String role = name + "_luna";
        jdbc.sql("create role " + role + " login password 'secret'").update();
        jdbc.sql("grant create on schema public to " + role).update();
        DataSource luna = session(name, role, "secret");
        Flyway.configure().dataSource(luna).target("20").load().migrate();
        FutureTask<Void> upgrade = new FutureTask<>(() -> migrate(luna), null);
        try (Connection bystander = inTransaction("select from pg_class");
                Connection forgetful = inTransaction("select from bookings");
                Connection reader = inTransaction("select from bookings");
                Statement forgetting = forgetful.createStatement()) {
            forgetting.execute("prepare transaction 'forgotten'");
            new Thread(upgrade).start();
            Eventually.holds("it gives way", () -> output.getAll().contains("waits for whoever uses them"));
            assertThat(upgrade.isDone()).isFalse();
            assertThat(output.getAll())
                    .contains(
                            "waits for whoever uses them: [prepared transaction 'forgotten' since ",
                            "session " + pid(reader) + " of luna (")
                    .doesNotContain("session " + pid(bystander));
            reader.rollback();
        } finally {
            jdbc.sql("rollback prepared 'forgotten'").update();
        }

        upgrade.get();

        assertThat(Flyway.configure().dataSource(luna).load().info().pending()).isEmpty();
    }

    private Connection inTransaction(String sql) throws SQLException {
        Connection connection = database.dataSource().getConnection();
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
        return connection;
    }

    private static int pid(Connection connection) throws SQLException {
        return connection.unwrap(PGConnection.class).getBackendPID();
    }

    /** Which PostgreSQL cancels for who has waited for so long. */
    @Test
    void anUpgradeWaitsLongEnoughForAutovacuumToGiveWay(@TempDir Path migrations) throws Exception {
        assertThat(patience("1500ms", migrations)).isEqualTo("2s");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1min", "2147483647ms"})
    void anUpgradesPatienceHasALimit(String deadlockTimeout, @TempDir Path migrations) throws Exception {
        assertThat(patience(deadlockTimeout, migrations)).isEqualTo("3s");
    }

    private String patience(String deadlockTimeout, Path migrations) throws IOException {
        Files.writeString(
                migrations.resolve("V1__patience.sql"),
                "create table patience as select current_setting('lock_timeout') as value;");
        jdbc.sql("alter database "
                        + jdbc.sql("select current_database()")
                                .query(String.class)
                                .single() + " set deadlock_timeout = '" + deadlockTimeout + "'")
                .update();
        Flyway.configure()
                .dataSource(database.dataSource())
                .locations("filesystem:" + migrations)
                .callbacks(new BriefLocks())
                .load()
                .migrate();
        return jdbc.sql("select value from patience").query(String.class).single();
    }

    @Test
    void aDatabaseOfANewerLunaIsRefused() {
        TestDatabase newer = TestDatabase.migrated();
        newer.jdbc().sql("""
                        insert into flyway_schema_history
                          (installed_rank, version, description, type, script, checksum, installed_by, execution_time, success)
                        select max(installed_rank) + 1, '998', 'from the future', 'SQL', 'V998__from_the_future.sql', 1, 'ada', 1, true
                        from flyway_schema_history
                        """).update();

        assertThatThrownBy(() -> migrate(newer.dataSource()))
                .isInstanceOf(DatabaseStartException.class)
                .hasMessageContaining("by a newer Luna, to schema version 998");
    }

    @Test
    void aDatabaseWithTablesOfSomethingElseIsLeftAsItIs() {
        jdbc.sql("create table users (id serial primary key, email text)").update();

        assertThatThrownBy(() -> migrate(database.dataSource()))
                .isInstanceOf(DatabaseStartException.class)
                .hasMessageContaining("has tables that are not Luna's")
                .hasMessageContaining("currentSchema=NAME");
        assertThat(tables()).containsExactly("users");
    }

    @Test
    void nobodyIsToldToRepairAnotherProgramsHistory() {
        TestDatabase other = TestDatabase.migrated();
        other.jdbc()
                .sql("update flyway_schema_history set checksum = 1, description = 'orders' where version = '2'")
                .update();

        assertThatThrownBy(() -> migrate(other.dataSource()))
                .isInstanceOf(DatabaseStartException.class)
                .hasMessageContaining("a schema history that is not Luna's")
                .hasMessageNotContaining("repair");
    }

    /** Of another library, of a program that counts otherwise, and of one that began with tables of its own. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "create table flyway_schema_history (id bigint, version integer, done boolean)",
                "create view flyway_schema_history as select 1 as installed_rank",
                "insert into flyway_schema_history values (1, '20240101', 'orders', 'SQL', 'V20240101__orders.sql', 1, 'ada', now(), 1, true)",
                "insert into flyway_schema_history values (1, '1', '<< Baseline >>', 'BASELINE', '<< Baseline >>', null, 'ada', now(), 0, true)"
            })
    void anotherProgramsHistoryIsRefusedInASentence(String history) {
        if (history.startsWith("insert")) {
            jdbc.sql("""
                            create table flyway_schema_history (installed_rank integer, version varchar(50),
                              description varchar(200), type varchar(20), script varchar(1000), checksum integer,
                              installed_by varchar(100), installed_on timestamp, execution_time integer, success boolean)
                            """).update();
        }
        jdbc.sql(history).update();

        assertThatThrownBy(() -> migrate(database.dataSource()))
                .isInstanceOf(DatabaseStartException.class)
                .hasMessageStartingWith("the database has a schema history that is not Luna's; give Luna a database");
        assertThat(tables()).isSubsetOf("flyway_schema_history");
    }

    @Test
    void aDatabaseThatCannotHoldEveryNameIsRefused() {
        String name = jdbc.sql("select current_database()").query(String.class).single() + "_latin1";
        jdbc.sql("create database " + name + " encoding 'LATIN1' locale 'C' template template0")
                .update();

        assertThatThrownBy(() -> migrate(session(name, database.username(), database.password())))
                .isInstanceOf(DatabaseStartException.class)
                .hasMessageContaining("encoding is LATIN1")
                .hasMessageContaining("encoding 'UTF8'");
    }

    @Test
    void aDatabaseThatOnlyReadsIsToldApart() {
        String name = jdbc.sql("select current_database()").query(String.class).single();
        jdbc.sql("alter database " + name + " set default_transaction_read_only = on")
                .update();

        Throwable failure = catchThrowable(() -> migrate(database.dataSource()));

        assertThat(UnusableDatabase.describe(failure).orElseThrow())
                .contains("the database only reads", "name the primary")
                .hasLineCount(1);
    }

    @Test
    void aSearchPathThatLeadsNowhereIsToldApart() {
        String name = jdbc.sql("select current_database()").query(String.class).single();
        jdbc.sql("alter database " + name + " set search_path = nowhere").update();
        PGSimpleDataSource blank = (PGSimpleDataSource) session(name, database.username(), database.password());
        blank.setCurrentSchema("My Schema");

        for (Throwable failure : List.of(
                catchThrowable(() -> jdbc.sql("create table found (id bigint)").update()),
                catchThrowable(() -> migrate(blank)))) {
            assertThat(UnusableDatabase.describe(failure).orElseThrow())
                    .contains("check currentSchema in SPRING_DATASOURCE_URL (a name with blanks goes between %22)")
                    .hasLineCount(1);
        }
    }

    /** Only the one that a plain name asks for. */
    @ParameterizedTest
    @ValueSource(strings = {"\"My Schema\"", "Nowhere", "\"$user\", nowhere", "\"\"", "nowhere"})
    void noSchemaIsMadeThatNobodyAskedFor(String path) {
        String name = jdbc.sql("select current_database()").query(String.class).single();
        PGSimpleDataSource session = (PGSimpleDataSource) session(name, database.username(), database.password());
        session.setCurrentSchema(path);

        Throwable failure = catchThrowable(() -> migrate(session));

        if (path.equals("nowhere")) {
            assertThat(failure).isNull();
        } else {
            assertThat(failure)
                    .isInstanceOf(DatabaseStartException.class)
                    .hasMessageStartingWith("the database cannot be used: the search_path " + path
                            + " has no schema that the role luna may use; check currentSchema");
        }
        assertThat(jdbc.sql("select nspname from pg_namespace where nspname !~ '^pg_|^information_schema$'")
                        .query(String.class)
                        .set())
                .isEqualTo(failure == null ? Set.of("public", "nowhere") : Set.of("public"));
    }

    private List<String> tables() {
        return jdbc.sql(
                        "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')")
                .query(String.class)
                .list();
    }

    private DataSource session(String name, String user, String password) {
        PGSimpleDataSource session = new PGSimpleDataSource();
        session.setUrl(database.url());
        session.setDatabaseName(name);
        session.setUser(user);
        session.setPassword(password);
        return session;
    }

    private static void migrate(DataSource dataSource) {
        new SchemaMigration().migrate(Flyway.configure().dataSource(dataSource).load());
    }
}
