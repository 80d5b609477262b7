package dev.luna.batch.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.luna.batch.run.Eventually;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes that are told to end while the embedded PostgreSQL starts or recovers from a crash, for minutes perhaps. */
class BrokenOffStartIT {

    /** Less than the minute that a start may take by itself. */
    private static final long PATIENCE_SECONDS = 45;

    @TempDir
    private Path temporary;

    private Path home;
    private Path share;
    private PostgresCluster cluster;

    @BeforeEach
    void aHomeWithData() throws IOException {
        home = Files.createDirectory(temporary.toRealPath().resolve("home"));
        PostgresBinaries binaries = PostgresBinaries.unpack(TestServer.binariesDirectory());
        // A distribution that is the real one but for how it is started.
        Path own = home.resolve("pg-bin").resolve(binaries.home().getFileName());
        Files.createDirectories(own.resolve("bin"));
        share = Files.createSymbolicLink(own.resolve("share"), binaries.home().resolve("share"));
        Path start = Files.writeString(own.resolve("bin/pg_ctl"), """
                #!/bin/sh
                '%s' "$@" || exit 1
                [ "$1" != start ] || { cd '%s'; sed s/ready/starting/ pg-data/postmaster.pid > recovering
                  cat recovering > pg-data/postmaster.pid; : > started; exec sleep 600; }
                """.formatted(binaries.pgCtl(), home));
        Files.setPosixFilePermissions(start, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.writeString(home.resolve("pg-password"), "secret");
        cluster = new PostgresCluster(
                binaries,
                home.resolve("pg-data"),
                home.resolve("pg-password"),
                home.resolve("postgres.log"),
                Map.of("fsync", "off"));
        cluster.initialize();
    }

    @AfterEach
    void nothingRuns() throws IOException {
        if (cluster.running().isPresent()) {
            cluster.stop("immediate");
        }
        Files.delete(share);
    }

    @Test
    void aProcessThatStartsTheServerLeavesNoneBehind() throws Exception {
        Process luna = luna();
        Eventually.holds("it is being started", () -> Files.exists(started()) || !luna.isAlive());

        expectEnd(luna);

        Eventually.holds("no server is left", () -> !Files.exists(home.resolve("pg-data/postmaster.pid")));
    }

    @Test
    void aProcessThatStartsTheServerForOthersLeavesItToThem() throws Exception {
        cluster.start(0);
        PostgresAttachment other = PostgresAttachment.attach(home);
        try {
            cluster.stop("immediate");
            Process luna = luna();
            Eventually.holds("it is being started", () -> Files.exists(started()) || !luna.isAlive());

            expectEnd(luna);

            assertThat(other.isServed()).isTrue();
            String url = "jdbc:postgresql://127.0.0.1:" + other.port() + "/" + PostgresAttachment.DATABASE;
            DriverManager.getConnection(url, PostgresCluster.SUPERUSER, other.password())
                    .close();
        } finally {
            other.detach();
        }
        assertThat(cluster.running()).as("left by the last").isEmpty();
    }

    @Test
    void whoeverLeavesDoesNotWaitForAnotherToStartTheServerAgain() throws Exception {
        cluster.start(0);
        PostgresAttachment leaving = PostgresAttachment.attach(home);
        try (SharingProcess reviver = SharingProcess.start(home)) {
            reviver.awaitAttached();
            cluster.stop("immediate");
            Eventually.holds("it is being started again", () -> Files.exists(started()));

            leaving.detach();

            try (FileChannel file = FileChannel.open(home.resolve("pg.start.lock"), StandardOpenOption.WRITE);
                    FileLock lock = file.tryLock()) {
                assertThat(lock).as("the other is still at it").isNull();
            }
            assertThat(cluster.running()).isPresent();
            reviver.kill();
        }
    }

    @Test
    void aProcessThatWaitsForTheServerOfAnotherLeavesItAlone() throws Exception {
        PostmasterFile recovering = cluster.start(0);
        Path file = home.resolve("pg-data/postmaster.pid");
        Files.writeString(file, Files.readString(file).replace("ready", "starting"));
        Process luna = luna();
        Eventually.holds("it is at work", () -> Files.exists(home.resolve("pg.use.lock")) || !luna.isAlive());

        expectEnd(luna);

        assertThat(cluster.running().orElseThrow().pid()).isEqualTo(recovering.pid());
    }

    @Test
    void aProcessThatWaitsForAnotherToStartTheServerEndsToo() throws Exception {
        Path lock = home.resolve("pg.start.lock");
        try (FileChannel file = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock starting = file.lock()) {
            assertThat(starting.isValid()).isTrue();
            Process luna = luna();
            Path opened = Path.of("/proc", Long.toString(luna.pid()), "fd");
            assumeTrue(Files.isDirectory(opened), "only Linux shows which files a process has opened");
            Eventually.holds("it wants the lock", () -> has(opened, lock) || !luna.isAlive());

            expectEnd(luna);
        }
    }

    private static boolean has(Path opened, Path file) {
        try (Stream<Path> links = Files.list(opened)) {
            return links.anyMatch(link -> {
                try {
                    return Files.readSymbolicLink(link).equals(file);
                } catch (IOException e) {
                    return false; // closed meanwhile
                }
            });
        } catch (IOException e) {
            return false; // it ended
        }
    }

    private void expectEnd(Process luna) throws Exception {
        assertThat(luna.isAlive()).as(Files.readString(said())).isTrue();
        luna.destroy();
        boolean hasEnded = luna.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
        luna.destroyForcibly();

        assertThat(hasEnded).as("it ends").isTrue();
        assertThat(Files.readString(said())).doesNotContain("Exception");
        assertThat(luna.exitValue()).isEqualTo(143);
    }

    private Path started() {
        return home.resolve("started");
    }

    private Path said() {
        return home.resolve("said");
    }

    private Process luna() throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:TieredStopAtLevel=1",
                        "-Dluna.home=" + home,
                        "-cp",
                        System.getProperty("java.class.path"),
                        "dev.luna.batch.cli.LunaCommand",
                        "runs")
                .redirectErrorStream(true)
                .redirectOutput(said().toFile())
                .start();
    }
}
