package dev.luna.batch.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.sql.Connection;
import java.util.List;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Roles that Luna signs in with, and what it says of those that may not do what it has to. */
class DatabaseRolesIT {

    private final TestDatabase database = TestDatabase.empty();
    private final JdbcClient jdbc = database.jdbc();

    /** Roles are the server's: those of a test are named after its database. */
    private final String name =
            jdbc.sql("select current_database()").query(String.class).single();

    @Test
    void aRoleThatMayNotMakeTablesIsToldWhatItLacks() {
        String role = name + "_reader";
        jdbc.sql("create role " + role + " login password 'secret'").update();
        jdbc.sql("revoke create on schema public from public").update();

        Throwable failure = catchThrowable(() -> migrate(session(role)));

        assertThat(UnusableDatabase.describe(failure).orElseThrow())
                .contains(
                        "permission denied for schema public",
                        "grant it USAGE and CREATE on the schema and TEMPORARY on the database")
                .hasLineCount(1);
    }

    /** As after a dump that somebody else restored without owners, with every privilege granted. */
    @Test
    void tablesOfAnotherRoleAreRefused() {
        migrate(database.dataSource());
        String role = name + "_guest";
        jdbc.sql("create role " + role + " login password 'secret'").update();
        jdbc.sql("grant all on schema public to " + role).update();
        jdbc.sql("grant all on all tables in schema public to " + role).update();

        assertThatThrownBy(() -> migrate(session(role)))
                .isInstanceOf(DatabaseStartException.class)
                .hasMessage("the table companion_ranking belongs to the role luna, but has to be Luna's own;"
                        + " restore a dump as the role " + role + ", or give it all of Luna's in the schema public,"
                        + " as by: alter table companion_ranking owner to " + role);
    }

    @Test
    void tablesOfItsOwnGroupAndForeignOnesThatAreNotLunasAreNotRefused() {
        String group = name + "_owners";
        String role = name + "_member";
        jdbc.sql("create role " + group).update();
        jdbc.sql("create role " + role + " login password 'secret' in role " + group)
                .update();
        jdbc.sql("grant create on schema public to " + group).update();
        jdbc.sql("grant pg_signal_backend to " + group).update();
        jdbc.sql("alter role " + role + " set role = " + group).update();
        migrate(session(role));
        jdbc.sql("alter role " + role + " reset role").update();
        jdbc.sql("create table venue_ranking_notes (id bigint)").update();

        migrate(session(role));

        assertThat(jdbc.sql("select tableowner from pg_tables where tablename = 'users'")
                        .query(String.class)
                        .single())
                .isEqualTo(group);
    }

    @Test
    void aRoleThatMayNotMakeTemporaryTablesIsRefusedBeforeAnyTableIsMade() {
        String role = name + "_importer";
        jdbc.sql("create role " + role + " login password 'secret'").update();
        jdbc.sql("grant create on schema public to " + role).update();
        jdbc.sql("revoke temporary on database " + name + " from public").update();

        assertThatThrownBy(() -> migrate(session(role)))
                .isInstanceOf(DatabaseStartException.class)
                .hasMessage("the role " + role + " may not make temporary tables, which imports and refresh runs need;"
                        + " grant it TEMPORARY on the database " + name);
        assertThat(tables()).isEmpty();
    }

    @Test
    void aRoleThatActsAsAnotherIsRefusedUnlessThatOneMayEndSessions() throws Exception {
        String login = name + "_login";
        String owner = name + "_owner";
        jdbc.sql("create role " + owner).update();
        jdbc.sql("create role " + login + " login password 'secret' in role " + owner)
                .update();
        jdbc.sql("alter role " + login + " set role = " + owner).update();
        jdbc.sql("grant create on schema public to " + owner).update();
        DataSource session = session(login);

        assertThatThrownBy(() -> migrate(session))
                .isInstanceOf(DatabaseStartException.class)
                .hasMessage("the role " + owner + ", which " + login + " acts as, may not end the sessions of " + login
                        + ", which taking a run over from a frozen process needs; grant " + owner
                        + " pg_signal_backend");
        assertThat(tables()).isEmpty();
        try (Connection frozen = session.getConnection()) {
            JdbcClient.StatementSpec end = JdbcClient.create(session)
                    .sql("select pg_terminate_backend(?)")
                    .param(frozen.unwrap(PGConnection.class).getBackendPID());
            assertThatThrownBy(() -> end.query(Boolean.class).single()).isInstanceOf(DataAccessException.class);

            jdbc.sql("grant pg_signal_backend to " + owner).update();

            migrate(session);
            assertThat(tables()).contains("run_lease");
            assertThat(end.query(Boolean.class).single()).isTrue();
        }
    }

    /** Whose sessions only superusers end, whatever else is granted. */
    @Test
    void aSuperuserThatActsAsAnotherIsRefused() throws Exception {
        String login = name + "_admin";
        String owner = name + "_owner";
        jdbc.sql("create role " + login + " superuser login password 'secret'").update();
        jdbc.sql("create role " + owner + " in role pg_signal_backend, " + login)
                .update();
        jdbc.sql("alter role " + login + " set role = " + owner).update();
        jdbc.sql("grant create on schema public to " + owner).update();
        DataSource session = session(login);

        assertThatThrownBy(() -> migrate(session))
                .isInstanceOf(DatabaseStartException.class)
                .hasMessage("the role " + owner + ", which the superuser " + login
                        + " acts as, may not end the sessions of a superuser, which taking a run over from a frozen process"
                        + " needs; sign in as " + owner + " itself");
        assertThat(tables()).isEmpty();
        try (Connection frozen = session.getConnection()) {
            JdbcClient.StatementSpec end = JdbcClient.create(session)
                    .sql("select pg_terminate_backend(?)")
                    .param(frozen.unwrap(PGConnection.class).getBackendPID());
            assertThatThrownBy(() -> end.query(Boolean.class).single()).isInstanceOf(DataAccessException.class);
        }
    }

    private List<String> tables() {
        return jdbc.sql(
                        "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')")
                .query(String.class)
                .list();
    }

    private DataSource session(String role) {
        PGSimpleDataSource session = new PGSimpleDataSource();
        session.setUrl(database.url());
        session.setUser(role);
        session.setPassword("secret");
        return session;
    }

    private static void migrate(DataSource dataSource) {
        new SchemaMigration().migrate(Flyway.configure().dataSource(dataSource).load());
    }
}
