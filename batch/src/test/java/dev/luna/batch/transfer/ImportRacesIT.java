package dev.luna.batch.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.luna.batch.database.TestDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.TransactionException;

/** An import beside somebody who changes or locks the same tables. */
@ExtendWith(OutputCaptureExtension.class)
class ImportRacesIT {

    private static final TestDatabase DATABASE = TestDatabase.migrated();

    private final JdbcClient jdbc = DATABASE.jdbc();
    private final CsvImport csvImport =
            new CsvImport(DATABASE.dataSource(), jdbc, new DataSourceTransactionManager(DATABASE.dataSource()));

    @TempDir
    private Path directory;

    @BeforeEach
    void emptyDatabase() {
        DATABASE.clear();
    }

    @Test
    void aHandleThatSomebodyTakesMeanwhileIsNamedAndNothingIsImported() throws IOException {
        CsvDirectory files =
                CsvDirectory.smallCity(directory).file("users.csv", "id,handle,name\nADA,ada,Ada\nBOB,\"bo\nb\",Bob\n");
        TransferProgress somebodyRegisters = (phase, done, total) -> {
            if (phase.equals("writing users")) {
                inASessionOfItsOwn("insert into users (handle, name) values (E'bo\\nb', 'Another')");
            }
        };

        TransferRefusedException refused = catchThrowableOfType(
                TransferRefusedException.class, () -> csvImport.importFrom(files.path(), somebodyRegisters));

        assertThat(refused.kind()).isEqualTo(TransferRefusedException.Kind.STATE);
        assertThat(refused).hasMessageContaining("nothing was imported").hasMessageContaining("(handle)=(bo\ufffdb)");
        assertThat(texts("select name from users")).containsExactly("Another");
        assertThat(texts("select id::text from venues")).isEmpty();
    }

    @Test
    void aVenueThatSomebodyDeletesMeanwhileIsNamedAndNothingIsImported() throws IOException {
        CsvDirectory files = CsvDirectory.smallCity(directory);
        csvImport.importFrom(files.path(), (phase, done, total) -> {});
        files.file("interactions.csv", "id,user_id,venue_id,interaction_type\nVISIT,ADA,CAFE,like\n,BOB,BAR,view\n");
        TransferProgress somebodyDeletes = (phase, done, total) -> {
            if (phase.equals("writing user_venue_interactions")) {
                inASessionOfItsOwn("delete from venues where id = '" + CsvDirectory.BAR + "'");
            }
        };
        files.delete("users.csv").delete("venues.csv").delete("social_edges.csv");

        TransferRefusedException refused = catchThrowableOfType(
                TransferRefusedException.class, () -> csvImport.importFrom(files.path(), somebodyDeletes));

        assertThat(refused.kind()).isEqualTo(TransferRefusedException.Kind.STATE);
        assertThat(refused).hasMessageContaining("(venue_id)=(" + CsvDirectory.BAR + ")");
        assertThat(texts("select interaction_type::text from user_venue_interactions"))
                .containsExactly("view");
    }

    @Test
    void usersWhoAreImportedAgainMayBeReferredToMeanwhile() throws IOException {
        CsvDirectory files = CsvDirectory.smallCity(directory);
        csvImport.importFrom(files.path(), (phase, done, total) -> {});
        files.file("users.csv", "id,handle,name\nADA,ada,Ada\nBOB,bob,Robert\n");
        TransferProgress somebodyVisits = (phase, done, total) -> {
            if (phase.equals("writing user_social_edges")) {
                inASessionOfItsOwn(CsvDirectory.withIds("""
                        set lock_timeout = '1s';
                        insert into user_venue_interactions (user_id, venue_id, interaction_type)
                        values ('ADA', 'CAFE', 'view'), ('BOB', 'BAR', 'view')
                        """));
            }
        };

        TransferSummary again = csvImport.importFrom(files.path(), somebodyVisits);

        assertThat(again.files())
                .extracting(TransferSummary.FileSummary::changed)
                .containsExactly(1L, 0L, 0L, 0L);
        assertThat(texts("select name from users order by id")).containsExactly("Ada", "Robert");
        assertThat(texts("select count(*) from user_venue_interactions")).containsExactly("4");
    }

    @Test
    void aSecondImportAtTheSameTimeIsRefused() throws Exception {
        CsvDirectory files = CsvDirectory.smallCity(directory);
        try (Connection other = DATABASE.dataSource().getConnection()) {
            other.setAutoCommit(false);
            other.createStatement()
                    .execute("select pg_advisory_xact_lock(" + CsvImport.LOCK + ", hashtext(current_schema()))");

            TransferRefusedException refused = catchThrowableOfType(
                    TransferRefusedException.class,
                    () -> csvImport.importFrom(files.path(), (phase, done, total) -> {}));

            assertThat(refused.kind()).isEqualTo(TransferRefusedException.Kind.STATE);
        }
        assertThat(csvImport
                        .importFrom(files.path(), (phase, done, total) -> {})
                        .files())
                .hasSize(4);
    }

    @Test
    void anImportOfAnotherLunaInTheSameDatabaseIsNotInTheWay() throws IOException {
        CsvDirectory files = CsvDirectory.smallCity(directory);
        jdbc.sql("create schema another").update();
        PGSimpleDataSource another = sessions();
        another.setCurrentSchema("another");
        Flyway.configure().dataSource(another).load().migrate();
        CsvImport theirs =
                new CsvImport(another, JdbcClient.create(another), new DataSourceTransactionManager(another));
        TransferProgress theyImportToo = (phase, done, total) -> {
            if (phase.equals("checking")) {
                theirs.importFrom(files.path(), (theirPhase, theirDone, theirTotal) -> {});
            }
        };

        csvImport.importFrom(files.path(), theyImportToo);

        assertThat(texts("select name from another.users union all select name from users"))
                .hasSize(4);
    }

    /** Else everybody who writes, and each run that is to be published, would wait for one that was suspended. */
    @Test
    void whatIsWrittenIsLostWithAProcessThatFreezes() throws IOException {
        CsvDirectory files = CsvDirectory.smallCity(directory);
        jdbc.sql("""
                        create function refuse_endless() returns trigger language plpgsql as $$
                        begin
                          raise exception '% would stay locked', tg_table_name;
                        end
                        $$
                        """).update();
        for (Dataset dataset : Dataset.values()) {
            jdbc.sql("""
                            create trigger refuse_endless before insert on %s
                              when (current_setting('idle_in_transaction_session_timeout') <> '15s')
                              execute function refuse_endless()
                            """.formatted(dataset.table())).update();
        }
        try {
            assertThat(csvImport
                            .importFrom(files.path(), (phase, done, total) -> {})
                            .files())
                    .hasSize(4);
        } finally {
            jdbc.sql("drop function refuse_endless cascade").update();
        }
    }

    /** As PostgreSQL says it: to the next statement, or to the commit. */
    @ParameterizedTest
    @ValueSource(strings = {"initially immediate", "initially deferred"})
    void whoStoodStillIsToldSoAndThatNothingWasImported(String when) throws IOException {
        CsvDirectory files = CsvDirectory.smallCity(directory);
        jdbc.sql("""
                        create function say_idle() returns trigger language plpgsql as $$
                        begin
                          raise exception 'terminating connection' using errcode = '25P03';
                        end
                        $$;
                        create constraint trigger say_idle after insert on users deferrable %s
                          for each row execute function say_idle()
                        """.formatted(when)).update();
        try {
            assertThatExceptionOfType(TransferRefusedException.class)
                    .isThrownBy(() -> csvImport.importFrom(files.path(), (phase, done, total) -> {}))
                    .withMessageStartingWith("nothing was imported: this process stood still for 15 s")
                    .extracting(TransferRefusedException::kind)
                    .isEqualTo(TransferRefusedException.Kind.STATE);
        } finally {
            jdbc.sql("drop function say_idle cascade").update();
        }
    }

    @Test
    void whyASessionEndedIsToldAndNotThatItsRollbackFailed() throws IOException {
        CsvDirectory files = CsvDirectory.smallCity(directory);
        TransferProgress somebodyEndsTheSession = (phase, done, total) -> {
            if (phase.equals("writing venues")) {
                inASessionOfItsOwn(
                        "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and classid = %d and database = (select oid from pg_database where datname = current_database())"
                                .formatted(CsvImport.LOCK));
            }
        };

        DataAccessException ended = catchThrowableOfType(
                DataAccessException.class, () -> csvImport.importFrom(files.path(), somebodyEndsTheSession));

        assertThat(ended.getMostSpecificCause()).hasMessageContaining("terminating connection due to administrator");
        assertThat(ended.getSuppressed()).singleElement().isInstanceOf(TransactionException.class);
        assertThat(texts("select name from users")).isEmpty();
    }

    @Test
    void aCommitWithoutAnAnswerIsToldWithWhatTookTheConnection() throws IOException {
        CsvDirectory files = CsvDirectory.smallCity(directory);
        jdbc.sql("""
                        create function lose_connection() returns trigger language plpgsql as
                        $$ begin perform pg_terminate_backend(pg_backend_pid()); return null; end $$
                        """).update();
        jdbc.sql("""
                        create constraint trigger lose_connection after insert on users initially deferred
                        for each row execute function lose_connection()
                        """).update();
        try {
            TransferRefusedException refused = catchThrowableOfType(
                    TransferRefusedException.class,
                    () -> csvImport.importFrom(files.path(), (phase, done, total) -> {}));

            assertThat(refused.kind()).isEqualTo(TransferRefusedException.Kind.CONNECTION);
            assertThat(refused).rootCause().hasMessageContaining("terminating connection due to administrator");
        } finally {
            jdbc.sql("drop function lose_connection cascade").update();
        }
    }

    @Test
    void whatIsImportedIsNoFailureThoughItsStatisticsCannotBeRenewed(CapturedOutput said) throws Exception {
        CsvDirectory files = CsvDirectory.smallCity(directory);
        PGSimpleDataSource impatient = sessions();
        impatient.setOptions("-c lock_timeout=10ms");
        CsvImport importing =
                new CsvImport(impatient, JdbcClient.create(impatient), new DataSourceTransactionManager(impatient));
        try (Connection other = DATABASE.dataSource().getConnection()) {
            other.setAutoCommit(false);
            // Lets writers pass, but not ANALYZE.
            other.createStatement().execute("lock table users in share update exclusive mode");

            TransferSummary summary = importing.importFrom(files.path(), (phase, done, total) -> {});

            assertThat(summary.files()).hasSize(4);
        }

        assertThat(texts("select name from users")).isNotEmpty();
        assertThat(said.getAll()).contains("All rows are imported, but `analyze users, venues, ", "lock timeout");
    }

    private static PGSimpleDataSource sessions() {
        PGSimpleDataSource sessions = new PGSimpleDataSource();
        sessions.setUrl(DATABASE.url());
        sessions.setUser(DATABASE.username());
        sessions.setPassword(DATABASE.password());
        return sessions;
    }

    private static void inASessionOfItsOwn(String sql) {
        try (Connection other = DATABASE.dataSource().getConnection()) {
            other.createStatement().execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private List<String> texts(String sql) {
        return jdbc.sql(sql).query(String.class).list();
    }
}
