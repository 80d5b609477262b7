package dev.luna.batch.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Homes that something happened to. Each test starts and ends with the server down. */
class PostgresAttachmentIT {

    @TempDir
    private static Path temporary;

    private static Path home;

    @BeforeAll
    static void aHome() throws IOException {
        home = Files.createDirectories(temporary.toRealPath().resolve("home"));
        Files.createSymbolicLink(home.resolve("pg-bin"), TestServer.binariesDirectory());
        SharedPostgres.open(home).close();
    }

    @AfterAll
    static void leaveTheBinariesAlone() throws IOException {
        Files.delete(home.resolve("pg-bin"));
    }

    @AfterEach
    void nothingRuns() throws IOException {
        PostgresCluster cluster = cluster(binaries());
        if (cluster.running().isPresent()) {
            cluster.stop("immediate");
        }
    }

    @Test
    void aServerOnDataBehindALinkIsAdopted() throws IOException {
        Path data = home.resolve("pg-data");
        Path elsewhere = Files.move(data, temporary.toRealPath().resolve("elsewhere"));
        Files.createSymbolicLink(data, elsewhere);
        try {
            PostmasterFile running = cluster(binaries()).start(0);

            try (SharedPostgres postgres = SharedPostgres.open(home)) {
                assertThat(postgres.jdbcUrl()).contains(":" + running.port() + "/");
            }
        } finally {
            nothingRuns();
            Files.delete(data);
            Files.move(elsewhere, data);
        }
    }

    /** As when it recovers from a crash for longer than {@code pg_ctl} waits. */
    @Test
    void aServerThatIsReadyLateIsNotStartedAgainOnAnotherPort() throws IOException {
        Path impatient =
                Files.createDirectories(temporary.resolve("impatient/bin")).resolve("pg_ctl");
        Files.writeString(impatient, """
                #!/bin/sh
                '%s' "$@"
                echo 'pg_ctl: server did not start in time'
                exit 1
                """.formatted(binaries().pgCtl()));
        Files.setPosixFilePermissions(impatient, PosixFilePermissions.fromString("rwxr-xr-x"));
        PostgresCluster cluster = cluster(new PostgresBinaries(temporary.resolve("impatient")));

        PostmasterFile started = cluster.start(0);

        assertThat(started.ready()).isTrue();
        assertThat(cluster.running()).contains(started);
    }

    /** What all may write is refused, as others could put their programs there. */
    @Test
    void aHomeMadeWithoutAUmaskIsItsMakersOwn() throws IOException {
        Path made = temporary.toRealPath().resolve("made");
        for (int start = 0; start < 2; start++) {
            try (SharingProcess luna = SharingProcess.startWithoutUmask(made.resolve("home"))) {
                luna.awaitAttached();
            }
        }

        try (Stream<Path> files = Files.walk(made)) {
            assertThat(files)
                    .filteredOn(PostgresAttachmentIT::mayBeWrittenByAll)
                    .isEmpty();
        }
    }

    private static boolean mayBeWrittenByAll(Path path) {
        try {
            return !Files.isSymbolicLink(path)
                    && Files.getPosixFilePermissions(path).contains(PosixFilePermission.OTHERS_WRITE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** It would be taken for dead, and a second one started on the same data. */
    @Test
    void aServerOfAnotherContainerIsLeftAlone() throws Exception {
        assumeTrue(SharingProcess.canBeUnseen(), "only root on Linux can hide processes");
        Path pid = home.resolve("pg-data/postmaster.pid");
        try (SharingProcess unseen = SharingProcess.startUnseen(home)) {
            unseen.awaitAttached();
            String said = Files.readString(pid);

            assertThatThrownBy(() -> SharedPostgres.open(home))
                    .isInstanceOf(DatabaseStartException.class)
                    .hasMessageStartingWith(home + " is in use by Luna in another container, or outside of this one");
            assertThat(pid).hasContent(said);
            assertThat(unseen.query("select 1")).isEqualTo("1");
        }

        SharedPostgres.open(home).close();
    }

    /** As one of another container leaves it to a program that writes none, and that is attached here. */
    @Test
    void aNameOfBeforeDoesNotHideAServerThatIsSeen() throws Exception {
        try (SharingProcess seen = SharingProcess.start(home)) {
            seen.awaitAttached();
            Files.writeString(home.resolve("pg.use.lock"), "pid:[4026530001]");

            SharedPostgres.open(home).close();

            assertThat(seen.query("select 1")).isEqualTo("1");
        }
    }

    /** Its initdb goes on for some seconds. */
    @Test
    void whatAKilledStartStillWritesIsNotInTheWayOfTheNext() throws Exception {
        Path other = Files.createDirectories(temporary.toRealPath().resolve("killed"));
        Path binaries = Files.createSymbolicLink(other.resolve("pg-bin"), TestServer.binariesDirectory());
        Path unfinished = other.resolve("pg-data.unfinished");
        AtomicBoolean isOver = new AtomicBoolean();
        FutureTask<Void> initdb = new FutureTask<>(() -> {
            for (int file = 0; !isOver.get(); file = (file + 1) % 100) {
                try {
                    Files.createDirectories(unfinished);
                    Files.writeString(unfinished.resolve("file" + file), "");
                } catch (FileSystemException e) {
                    // The directory was deleted at this moment.
                }
            }
            return null;
        });
        new Thread(initdb).start();
        try {
            SharedPostgres.open(other).close();
        } finally {
            isOver.set(true);
            initdb.get();
            Files.delete(binaries);
        }
    }

    @Test
    void binariesOfOtherBuildsGoWithTheFirstStartThatFindsNobodyUsingThem() throws Exception {
        Path other = Files.createDirectories(temporary.toRealPath().resolve("upgraded"));
        Path directory = Files.createDirectory(other.resolve("pg-bin"));
        Path own = Files.createSymbolicLink(
                directory.resolve(binaries().home().getFileName()), binaries().home());
        try {
            SharedPostgres.open(other).close();
            Path before = Files.createDirectories(directory.resolve("pg-0123456789abcdef/bin"))
                    .getParent();
            Path halfWay = Files.createDirectories(directory.resolve("unpacking-1/bin"))
                    .getParent();

            Path foreign = Files.createDirectory(directory.resolve("notes"));

            // As whoever started the server before he was killed may have left it, and as one who is attached needs it.
            PostgresCluster cluster = cluster(binaries(), other);
            cluster.start(0);
            PostgresAttachment attached = PostgresAttachment.attach(other);
            cluster.stop("immediate");
            attached.revive();
            attached.detach();
            assertThat(before).isDirectory();

            Path linked = Files.createDirectory(temporary.toRealPath().resolve("linked"));
            Path link = Files.createSymbolicLink(linked.resolve("pg-bin"), directory);
            SharedPostgres.open(linked).close();
            Files.delete(link);
            assertThat(before).isDirectory();

            SharedPostgres.open(other).close();
            assertThat(before).doesNotExist();
            assertThat(halfWay).doesNotExist();
            assertThat(own).isDirectory();
            assertThat(foreign).isDirectory();
        } finally {
            Files.delete(own);
        }
    }

    @Test
    void aLostPasswordIsNotReplacedByOneThatTheServerDoesNotKnow() throws IOException {
        Path password = home.resolve("pg-password");
        Path lost = Files.move(password, home.resolve("lost"));
        try {
            assertThatThrownBy(() -> SharedPostgres.open(home))
                    .isInstanceOf(DatabaseStartException.class)
                    .hasMessage(password + " is missing, but the data in " + home.resolve("pg-data")
                            + " needs the password in it; put the file back, or begin anew with another LUNA_HOME");
            assertThat(password).doesNotExist();
        } finally {
            Files.deleteIfExists(password);
            Files.move(lost, password);
        }
    }

    @Test
    void aServerThatCannotBeUsedOnceItIsStartedIsStoppedAgain() throws IOException {
        Path password = home.resolve("pg-password");
        String right = Files.readString(password);
        Files.writeString(password, "guess");
        try {
            assertThatThrownBy(() -> SharedPostgres.open(home))
                    .isInstanceOf(DatabaseStartException.class)
                    .hasMessageContaining("password authentication failed");

            assertThat(home.resolve("pg-data/postmaster.pid")).doesNotExist();
        } finally {
            Files.writeString(password, right);
        }
    }

    @Test
    void whoTookTheServersPortDoesNotGetThePassword() throws Exception {
        String port = Integer.toString(cluster(binaries()).start(0).port());
        Path file = home.resolve("pg-data/postmaster.pid");
        String said = Files.readString(file);
        try (PortThief thief = new PortThief()) {
            Files.writeString(file, said.replace("\n" + port + "\n", "\n" + thief.port() + "\n"));
            assertThatThrownBy(() -> SharedPostgres.open(home))
                    .isInstanceOf(DatabaseStartException.class)
                    .hasMessageContaining("cannot be used");
            Files.writeString(file, said);
            try (SharedPostgres postgres = SharedPostgres.open(home)) {
                String url = postgres.jdbcUrl().replace(":" + port + "/", ":" + thief.port() + "/");
                assertThatThrownBy(() -> DriverManager.getConnection(url, postgres.username(), postgres.password()))
                        .isInstanceOf(SQLException.class);
            }

            assertThat(thief.heard()).hasSize(2).containsOnly("");
        }
    }

    private static PostgresBinaries binaries() {
        return PostgresBinaries.unpack(home.resolve("pg-bin"));
    }

    private static PostgresCluster cluster(PostgresBinaries binaries) {
        return cluster(binaries, home);
    }

    private static PostgresCluster cluster(PostgresBinaries binaries, Path home) {
        return new PostgresCluster(
                binaries,
                home.resolve("pg-data"),
                home.resolve("pg-password"),
                home.resolve("postgres.log"),
                Map.of("fsync", "off"));
    }
}
