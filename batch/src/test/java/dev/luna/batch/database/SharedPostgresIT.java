package dev.luna.batch.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.luna.batch.run.Eventually;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One home, several processes, in every order of coming and going. Each test starts and ends with the server down. */
class SharedPostgresIT {

    @TempDir
    private static Path temporary;

    private static final List<Path> LINKS = new ArrayList<>();

    private static Path home;

    @BeforeAll
    static void aHomeWithOneRow() throws Exception {
        home = newHome("shared");
        try (SharedPostgres postgres = SharedPostgres.open(home);
                Connection connection = connect(postgres);
                Statement statement = connection.createStatement()) {
            statement.execute("create table note (text) as values ('kept')");
        }
    }

    @AfterAll
    static void leaveTheBinariesAlone() throws IOException {
        for (Path link : LINKS) {
            Files.delete(link);
        }
    }

    @BeforeEach
    @AfterEach
    void nothingRuns() {
        assertThat(server()).isEmpty();
    }

    @Test
    void aRestartKeepsTheData() throws Exception {
        try (SharedPostgres postgres = SharedPostgres.open(home)) {
            assertThat(query(postgres, "select text from note")).isEqualTo("kept");
            assertThat(query(postgres, "show fsync")).isEqualTo("on");
            assertThat(query(postgres, "show synchronous_commit")).isEqualTo("on");
            assertThat(query(postgres, "show server_encoding")).isEqualTo("UTF8");
            assertThat(query(postgres, "show listen_addresses")).isEqualTo("127.0.0.1");
        }
    }

    @Test
    void aWrongPasswordIsRefused() {
        try (SharedPostgres postgres = SharedPostgres.open(home)) {
            assertThatThrownBy(() -> DriverManager.getConnection(postgres.jdbcUrl(), postgres.username(), "guess"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("password authentication failed");
        }
    }

    @Test
    void severalOpeningsInOneProcessShareTheServer() throws Exception {
        SharedPostgres first = SharedPostgres.open(home);
        try (SharedPostgres second = SharedPostgres.open(home)) {
            first.close();
            first.close();

            assertThat(second.jdbcUrl()).isEqualTo(first.jdbcUrl());
            assertThat(query(second, "select text from note")).isEqualTo("kept");
        }
    }

    @Test
    void theStarterMayLeaveFirstAndTheLastOneStopsTheServer() throws Exception {
        SharingProcess starter = SharingProcess.start(home);
        starter.awaitAttached();
        SharedPostgres other = SharedPostgres.open(home);
        long pid = server().orElseThrow().pid();

        starter.close();

        assertThat(server().orElseThrow().pid()).isEqualTo(pid);
        assertThat(query(other, "select text from note")).isEqualTo("kept");

        other.close();

        assertThat(server()).isEmpty();
    }

    @Test
    void processesThatStartAtTheSameTimeShareOneServer() throws Exception {
        SharingProcess ada = SharingProcess.start(home);
        SharingProcess bob = SharingProcess.start(home);
        ada.awaitAttached();
        bob.awaitAttached();

        String started = "select pg_postmaster_start_time()";
        assertThat(ada.query(started)).isEqualTo(bob.query(started));

        bob.close();
        assertThat(ada.query("select text from note")).isEqualTo("kept");
        ada.close();
    }

    @Test
    void theServerOfAKilledProcessIsAdopted() throws Exception {
        SharingProcess starter = SharingProcess.start(home);
        starter.awaitAttached();
        long pid = server().orElseThrow().pid();

        starter.kill();

        try (SharedPostgres adopter = SharedPostgres.open(home)) {
            assertThat(server().orElseThrow().pid()).isEqualTo(pid);
            assertThat(query(adopter, "select text from note")).isEqualTo("kept");
        }
    }

    @Test
    void aKilledServerComesBackOnItsPortForThoseStillAttached() throws Exception {
        try (SharedPostgres attached = SharedPostgres.open(home)) {
            killServer();
            try (SharingProcess newcomer = SharingProcess.start(home)) {
                newcomer.awaitAttached();

                assertThat(query(attached, "select text from note")).isEqualTo("kept");
            }
        }
    }

    @Test
    void aKilledServerIsStartedAgainByThoseWhoUseIt() throws Exception {
        try (SharedPostgres attached = SharedPostgres.open(home)) {
            long killed = server().orElseThrow().pid();
            killServer();

            Eventually.holds(
                    "another server is ready",
                    () -> server().filter(PostmasterFile::ready)
                            .filter(server -> server.pid() != killed)
                            .isPresent());

            assertThat(query(attached, "select text from note")).isEqualTo("kept");
        }
    }

    @Test
    void aServerStoppedInGoodOrderComesBackOnItsPortForThoseStillAttached() throws Exception {
        try (SharedPostgres attached = SharedPostgres.open(home)) {
            ProcessHandle server =
                    ProcessHandle.of(server().orElseThrow().pid()).orElseThrow();
            server.destroy();
            server.onExit().get();
            try (SharingProcess newcomer = SharingProcess.start(home)) {
                newcomer.awaitAttached();

                assertThat(query(attached, "select text from note")).isEqualTo("kept");
            }
        }
    }

    @Test
    void dataThatVanishedIsNotReplacedButServedAgainWhenItIsBack() throws Exception {
        Path data = home.toRealPath().resolve("pg-data");
        Path moved = home.resolve("moved");
        // Attached by itself: nobody else tries to revive it meanwhile.
        PostgresAttachment attached = PostgresAttachment.attach(home.toRealPath());
        try {
            killServer();
            Files.move(data, moved);

            assertThatThrownBy(attached::revive)
                    .isInstanceOf(DatabaseStartException.class)
                    .hasMessage(data + " is gone, though it is in use; put it back");
            try (SharingProcess newcomer = SharingProcess.start(home)) {
                assertThatThrownBy(newcomer::awaitAttached).hasMessageContaining("ended");
            }
            assertThat(data).doesNotExist();

            Files.move(moved, data);
            attached.revive();

            assertThat(server().orElseThrow().port()).isEqualTo(attached.port());
        } finally {
            attached.detach();
        }
        aRestartKeepsTheData();
    }

    @Test
    void aPidFileOfADeadServerIsNoObstacleEvenWhenItsPidIsInUseAgain() throws Exception {
        Path file = home.resolve("pg-data/postmaster.pid");
        Files.writeString(
                file, ProcessHandle.current().pid() + "\n" + home + "/pg-data\n1\n1\n\n127.0.0.1\n0 0\nready\n");

        try (SharedPostgres postgres = SharedPostgres.open(home)) {
            assertThat(query(postgres, "select text from note")).isEqualTo("kept");
        }
    }

    @Test
    void anInterruptedFirstStartIsRepeated() throws Exception {
        Path other = newHome("interrupted");
        Files.createDirectories(other.resolve("pg-data.unfinished/base"));
        Files.writeString(other.resolve("pg-password.unfinished"), "half");

        try (SharedPostgres postgres = SharedPostgres.open(other)) {
            assertThat(query(postgres, "select current_database()")).isEqualTo("luna");
        }
    }

    @Test
    void aPathWithSpacesAndQuotesWorks() throws Exception {
        Path other = newHome("Ada's home");

        try (SharedPostgres postgres = SharedPostgres.open(other)) {
            assertThat(query(postgres, "select current_database()")).isEqualTo("luna");
        }
    }

    @Test
    void dataOfAnotherMajorVersionIsRefused() throws Exception {
        Path other = newHome("old");
        Files.createDirectories(other.resolve("pg-data"));
        Files.writeString(other.resolve("pg-data/PG_VERSION"), "9.6\n");
        Files.writeString(other.resolve("pg-password"), "secret");

        assertThatThrownBy(() -> SharedPostgres.open(other))
                .isInstanceOf(DatabaseStartException.class)
                .hasMessageContaining("holds the data of PostgreSQL 9.6")
                .hasMessageContaining("plans, bookings and runs are not in an export; pg_dump keeps them")
                .hasMessageContaining("LUNA_HOME");
    }

    /** A home that finds the test server's binaries unpacked. */
    private static Path newHome(String name) throws IOException {
        Path made = Files.createDirectories(temporary.toRealPath().resolve(name));
        LINKS.add(Files.createSymbolicLink(made.resolve("pg-bin"), TestServer.binariesDirectory()));
        return made;
    }

    private static Optional<PostmasterFile> server() {
        try {
            return PostmasterFile.read(home.resolve("pg-data"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void killServer() throws Exception {
        ProcessHandle server = ProcessHandle.of(server().orElseThrow().pid()).orElseThrow();
        server.destroyForcibly();
        server.onExit().get();
    }

    private static String query(SharedPostgres postgres, String sql) throws SQLException {
        try (Connection connection = connect(postgres);
                Statement statement = connection.createStatement();
                var row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    private static Connection connect(SharedPostgres postgres) throws SQLException {
        return DriverManager.getConnection(postgres.jdbcUrl(), postgres.username(), postgres.password());
    }
}
