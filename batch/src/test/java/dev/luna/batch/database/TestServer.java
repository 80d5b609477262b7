package dev.luna.batch.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.boot.SpringApplication;
import org.springframework.util.FileSystemUtils;

/**
 * The one PostgreSQL of this test JVM, from the binaries of the active Maven profile. It starts with the first database
 * that a test asks for, and is thrown away after the Spring contexts have closed at the JVM's end.
 */
final class TestServer {

    private static final String PASSWORD = "test";
    private static final String TEMPLATE = "luna_template";

    /** Nothing here has to survive anything. */
    private static final Map<String, String> SETTINGS = Map.of(
            "fsync", "off",
            "synchronous_commit", "off",
            "full_page_writes", "off",
            "max_connections", "200",
            "max_prepared_transactions", "2",
            "max_wal_size", "2GB");

    private static TestServer instance;
    private static volatile boolean usedBySpring;

    private final PostgresCluster cluster;
    private final int port;
    private int databases;

    private TestServer(PostgresCluster cluster, int port) {
        this.cluster = cluster;
        this.port = port;
    }

    static void outliveSpring() {
        usedBySpring = true;
    }

    static synchronized TestServer get() {
        if (instance == null) {
            instance = start();
            try {
                instance.makeTemplate();
            } catch (SQLException e) {
                throw new IllegalStateException("cannot make the template database", e);
            }
        }
        return instance;
    }

    /** A new database, migrated or quite empty, with a name of its own. */
    synchronized DataSource newDatabase(boolean migrated) {
        String name = "test_" + ++databases;
        try {
            execute("create database " + name + " template " + (migrated ? TEMPLATE : "template0"));
        } catch (SQLException e) {
            throw new IllegalStateException("cannot create database " + name, e);
        }
        return dataSource(name);
    }

    private static TestServer start() {
        try {
            Path root = scratchDirectory();
            removeAbandoned(root);
            Path home = Files.createDirectories(
                    root.resolve("server-" + ProcessHandle.current().pid()));
            Path password = Files.writeString(home.resolve("password"), PASSWORD);
            PostgresCluster cluster = cluster(root, home, password);
            discardAtExit(cluster, home);
            cluster.initialize();
            // To prove the password takes 10 ms of CPU, and there are thousands of connections.
            Files.writeString(
                    home.resolve("data/pg_hba.conf"),
                    "host all luna 127.0.0.1/32 trust\nhost all all 127.0.0.1/32 scram-sha-256\n");
            return new TestServer(cluster, cluster.start(0).port());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static PostgresCluster cluster(Path root, Path home, Path password) {
        return new PostgresCluster(
                PostgresBinaries.unpack(root.resolve("bin")),
                home.resolve("data"),
                password,
                home.resolve("postgres.log"),
                SETTINGS);
    }

    /** Of both modules: the binaries are unpacked once. They stay for the next run; mvn clean takes them. */
    private static Path scratchDirectory() throws IOException {
        Path target = Path.of("../batch/target");
        Path parent = Files.isDirectory(target) ? target : Path.of(System.getProperty("java.io.tmpdir"));
        return Files.createDirectories(parent.resolve("luna-test-postgres")).toRealPath();
    }

    /** Servers whose JVM was killed; one at a time removes them, as the suite has several JVMs that start together. */
    private static void removeAbandoned(Path root) throws IOException {
        try (FileChannel removal =
                FileChannel.open(root.resolve("removal.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            removal.lock();
            removeAbandonedAlone(root);
        }
    }

    private static void removeAbandonedAlone(Path root) throws IOException {
        List<Path> homes;
        try (Stream<Path> entries = Files.list(root)) {
            homes = entries.filter(path -> path.getFileName().toString().startsWith("server-"))
                    .toList();
        }
        for (Path home : homes) {
            long pid = Long.parseLong(home.getFileName().toString().substring("server-".length()));
            if (ProcessHandle.of(pid).isEmpty()
                    || pid == ProcessHandle.current().pid()) {
                discard(cluster(root, home, home.resolve("password")), home);
            }
        }
    }

    /**
     * Spring closes its contexts in a shutdown hook and runs these handlers after them. It has that hook only if an
     * application was ever made, so a hook of our own stands in for a JVM without one.
     */
    private static void discardAtExit(PostgresCluster cluster, Path home) {
        SpringApplication.getShutdownHandlers().add(() -> discard(cluster, home));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            if (!usedBySpring) {
                discard(cluster, home);
            }
        }));
    }

    private static void discard(PostgresCluster cluster, Path home) {
        try {
            if (cluster.running().isPresent()) {
                cluster.stop("immediate");
            }
            FileSystemUtils.deleteRecursively(home);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove the test server in " + home, e);
        }
    }

    private void makeTemplate() throws SQLException {
        execute("create database " + TEMPLATE + " template template0");
        Flyway.configure().dataSource(dataSource(TEMPLATE)).load().migrate();
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = dataSource("postgres").getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private PGSimpleDataSource dataSource(String database) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setServerNames(new String[] {"127.0.0.1"});
        source.setPortNumbers(new int[] {port});
        source.setDatabaseName(database);
        source.setUser(PostgresCluster.SUPERUSER);
        source.setPassword(PASSWORD);
        return source;
    }

    /** Where the binaries are unpacked, for tests that start servers of their own. */
    static Path binariesDirectory() throws IOException {
        return Files.createDirectories(scratchDirectory().resolve("bin"));
    }
}
