package dev.luna.batch.transfer;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.Configuration;
import org.postgresql.PGConnection;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;

/**
 * How fast CSV files come in beside plain COPY of the same files into the same tables, with their keys, references and
 * triggers. Each way gets a database of its own on the same server, made and dropped here.
 */
public final class ImportBenchmark {

    private static final String SCRATCH = "luna_bench_import";

    private final DataSource server;
    private final String url;
    private final String user;
    private final String password;
    private final Configuration migrations;

    /**
     * @param server where databases may be made
     * @param url JDBC URL of a database of that server
     * @param migrations how the schema is made
     */
    public ImportBenchmark(DataSource server, String url, String user, String password, Configuration migrations) {
        this.server = server;
        this.url = url;
        this.user = user;
        this.password = password;
        this.migrations = migrations;
    }

    /**
     * One way of loading all files.
     *
     * @param wall how long it took, the commit included
     * @param rows rows of each table afterwards
     */
    public record Load(Duration wall, List<Long> rows) {

        /** Rows of all tables. */
        public long total() {
            return rows.stream().mapToLong(Long::longValue).sum();
        }
    }

    /** Plain COPY of the files, one transaction. */
    public Load copy(Path directory) throws SQLException, IOException {
        return inNewDatabase(target -> {
            try (Connection connection = target.getConnection()) {
                connection.setAutoCommit(false);
                for (Dataset dataset : Dataset.values()) {
                    String columns =
                            dataset.columns().stream().map(Column::name).collect(Collectors.joining(", "));
                    try (InputStream csv = Files.newInputStream(directory.resolve(dataset.fileStem() + ".csv"))) {
                        connection
                                .unwrap(PGConnection.class)
                                .getCopyAPI()
                                .copyIn(
                                        "copy %s (%s) from stdin (format csv, header)"
                                                .formatted(dataset.table(), columns),
                                        csv,
                                        1 << 16);
                    }
                }
                connection.commit();
            }
        });
    }

    /** The import of {@code luna import}. */
    public Load importFrom(Path directory) throws SQLException, IOException {
        return inNewDatabase(
                target -> new CsvImport(target, JdbcClient.create(target), new JdbcTransactionManager(target))
                        .importFrom(directory, (phase, done, total) -> {}));
    }

    @FunctionalInterface
    private interface Loading {
        void into(DataSource target) throws SQLException, IOException;
    }

    private Load inNewDatabase(Loading loading) throws SQLException, IOException {
        execute("drop database if exists " + SCRATCH);
        execute("create database " + SCRATCH);
        try {
            PGSimpleDataSource target = new PGSimpleDataSource();
            target.setUrl(url.replaceFirst("/[^/?]+(\\?|$)", "/" + SCRATCH + "$1"));
            target.setUser(user);
            target.setPassword(password);
            Flyway.configure()
                    .configuration(migrations)
                    .dataSource(target)
                    .load()
                    .migrate();
            // Whatever came before does not write on while this is measured.
            execute("checkpoint");
            long start = System.nanoTime();
            loading.into(target);
            return new Load(Duration.ofNanos(System.nanoTime() - start), rows(target));
        } finally {
            execute("drop database " + SCRATCH + " with (force)");
        }
    }

    private static List<Long> rows(DataSource target) throws SQLException {
        List<Long> rows = new ArrayList<>();
        try (Connection connection = target.getConnection();
                Statement statement = connection.createStatement()) {
            for (Dataset dataset : Dataset.values()) {
                try (ResultSet row = statement.executeQuery("select count(*) from " + dataset.table())) {
                    row.next();
                    rows.add(row.getLong(1));
                }
            }
        }
        return rows;
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = server.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
