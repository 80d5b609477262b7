package dev.luna.batch.transfer;

import dev.luna.batch.database.FileFailure;
import dev.luna.batch.database.Transaction;
import dev.luna.batch.transfer.TransferSummary.FileSummary;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * Writes users, venues, interactions and social edges as the CSV files that {@link CsvImport} reads: all four from one
 * snapshot of the database, rows by id, times in UTC to the microsecond. Equal tables give equal bytes.
 *
 * <p>Each file appears complete or not at all. Memory is constant. Thread-safe.
 */
@Component
public class CsvExport {

    private static final int ROWS_BETWEEN_PROGRESS = 1_000;

    private final DataSource dataSource;
    private final JdbcClient jdbc;
    private final Transaction transaction;

    CsvExport(DataSource dataSource, JdbcClient jdbc, PlatformTransactionManager transactionManager) {
        this.dataSource = dataSource;
        this.jdbc = jdbc;
        this.transaction = Transaction.reading(transactionManager);
    }

    /**
     * Exports into a directory, which is made when missing. Files of an earlier export are replaced.
     *
     * @param gzip whether to write {@code .csv.gz} instead of {@code .csv}
     * @throws TransferRefusedException when the directory has a file in the other form, because it would then hold two
     *     versions of the same data, has something else under the name of a file, or cannot be written to, because it is
     *     full for example
     */
    public TransferSummary exportTo(Path directory, boolean gzip, TransferProgress progress) {
        String extension = gzip ? ".csv.gz" : ".csv";
        String otherExtension = gzip ? ".csv" : ".csv.gz";
        try {
            if (Files.exists(directory) && !Files.isDirectory(directory)) {
                throw TransferRefusedException.because(directory + " is not a directory");
            }
            Files.createDirectories(directory);
            for (Dataset dataset : Dataset.values()) {
                Path other = directory.resolve(dataset.fileStem() + otherExtension);
                if (Files.exists(other, LinkOption.NOFOLLOW_LINKS)) {
                    throw TransferRefusedException.because(
                            other + " is there already; remove it or choose another directory");
                }
                NoFile.at(directory.resolve(dataset.fileStem() + extension)).ifPresent(what -> {
                    throw TransferRefusedException.because(what + "; remove it or choose another directory");
                });
            }
        } catch (IOException e) {
            throw TransferRefusedException.because(
                    TransferRefusedException.Kind.DISK, "cannot use " + directory + ": " + FileFailure.reason(e));
        }
        return transaction.execute(() -> {
            lockInputs();
            return write(directory, extension, progress);
        });
    }

    /** A table that is emptied by TRUNCATE is empty in snapshots before that, too; others may write all the same. */
    private void lockInputs() {
        String tables = Stream.of(Dataset.values()).map(Dataset::table).collect(Collectors.joining(", "));
        jdbc.sql("lock table " + tables + " in access share mode").update();
    }

    private TransferSummary write(Path directory, String extension, TransferProgress progress) {
        Map<Dataset, Path> unfinished = new EnumMap<>(Dataset.class);
        List<FileSummary> summaries = new ArrayList<>();
        try {
            try {
                for (Dataset dataset : Dataset.values()) {
                    unfinished.put(dataset, UnfinishedFile.of(directory, dataset.fileStem() + extension));
                    long rows = writeFile(dataset, unfinished.get(dataset), extension, progress);
                    summaries.add(new FileSummary(dataset.fileStem() + extension, rows, 0));
                }
                finish(unfinished, directory, extension);
            } finally {
                for (Path file : unfinished.values()) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException e) {
            throw TransferRefusedException.because(
                    TransferRefusedException.Kind.DISK,
                    "cannot write into " + directory + ": " + FileFailure.reason(e));
        } catch (SQLException e) {
            throw new IllegalStateException("PostgreSQL did not give the rows: " + e.getMessage(), e);
        }
        return new TransferSummary(summaries);
    }

    /** Gives the files their names, one after the other; when one is not to be had, those before have theirs. */
    private static void finish(Map<Dataset, Path> unfinished, Path directory, String extension) throws IOException {
        List<String> finished = new ArrayList<>();
        for (Map.Entry<Dataset, Path> file : unfinished.entrySet()) {
            String name = file.getKey().fileStem() + extension;
            try {
                Files.move(file.getValue(), directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException e) {
                if (finished.isEmpty()) {
                    throw e;
                }
                throw TransferRefusedException.because(
                        TransferRefusedException.Kind.DISK,
                        "cannot write into %s: %s; already written: %s; the rest is as before, so export again"
                                .formatted(directory, FileFailure.reason(e), String.join(", ", finished)));
            }
            finished.add(name);
        }
    }

    private long writeFile(Dataset dataset, Path path, String extension, TransferProgress progress)
            throws IOException, SQLException {
        String phase = "writing " + dataset.fileStem() + extension;
        long total = jdbc.sql("select count(*) from " + dataset.table())
                .query(Long.class)
                .single();
        progress.show(phase, 0, total);
        Connection connection = DataSourceUtils.getConnection(dataSource);
        try (OutputStream out = UnfinishedFile.open(path, extension)) {
            CopyOut copy = connection.unwrap(PGConnection.class).getCopyAPI().copyOut(copySql(dataset));
            try {
                // The first message is the header.
                long messages = 0;
                for (byte[] row = copy.readFromCopy(); row != null; row = copy.readFromCopy()) {
                    out.write(row);
                    if (++messages % ROWS_BETWEEN_PROGRESS == 0) {
                        progress.show(phase, messages - 1, total);
                    }
                }
            } finally {
                receiveRest(copy);
            }
            progress.show(phase, total, total);
            return total;
        } finally {
            DataSourceUtils.releaseConnection(connection, dataSource);
        }
    }

    /**
     * Frees the connection when a file cannot be written; a rollback would wait for ever for it. Rows that are left are
     * dropped: cancelling would race with the server sending them, and could hit the rollback.
     */
    private static void receiveRest(CopyOut copy) throws SQLException {
        boolean more = copy.isActive();
        while (more) {
            more = copy.readFromCopy() != null;
        }
    }

    private static String copySql(Dataset dataset) {
        List<String> fields = dataset.columns().stream()
                .map(column -> column.type() instanceof FieldType.Moment ? isoTime(column.name()) : column.name())
                .toList();
        return """
                copy (select %s from %s order by id) to stdout (format csv, header, encoding 'UTF8')
                """.formatted(String.join(", ", fields), dataset.table());
    }

    /** UTC with as many digits as it takes, such as {@code 2026-05-01T19:30:00.25Z}. */
    private static String isoTime(String column) {
        return "regexp_replace(to_char(%1$s at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US'), '[.]?0+$', '') || 'Z' as %1$s"
                .formatted(column);
    }
}
