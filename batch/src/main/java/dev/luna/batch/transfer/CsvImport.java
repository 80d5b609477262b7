package dev.luna.batch.transfer;

import dev.luna.batch.database.Causes;
import dev.luna.batch.database.ShownText;
import dev.luna.batch.database.Transaction;
import dev.luna.batch.database.Transaction.UnansweredCommitException;
import dev.luna.batch.transfer.TransferSummary.FileSummary;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * Loads the CSV files of a directory, all or nothing.
 *
 * <p>The files are {@code users}, {@code venues}, {@code interactions} and {@code social_edges}, each as {@code .csv} or
 * {@code .csv.gz}; those that are absent are left alone. They are UTF-8 with a header that names the columns in any
 * order; an empty field means unknown.
 *
 * <p>Rows go by COPY into temporary tables. What needs no database is checked on the way, references and uniqueness
 * there, each error with its line; then rows are inserted, or updated where the id exists. It is one transaction: with
 * any error, and also when the process dies or freezes for 15 s while it writes, the tables are as before.
 *
 * <p>Memory is constant. Time is linear in the rows. Thread-safe; a second import at the same time, from any process, is
 * refused.
 */
@Component
public class CsvImport {

    private static final Logger log = LoggerFactory.getLogger(CsvImport.class);

    /** Names the advisory locks of imports among those of the database; each schema has one. */
    static final int LOCK = 0x4c494d50;

    /**
     * What only somebody else's change can lead to, once the files were checked: a deadlock or another conflict with it, a
     * handle or pair that was taken meanwhile, a user or venue that was deleted.
     */
    private static final Set<String> RACES = Set.of("40001", "40P01", "55P03", "23503", "23505");

    /** The session was idle in its transaction for too long. */
    private static final String IDLE = "25P03";

    private final DataSource dataSource;
    private final JdbcClient jdbc;
    private final Transaction transaction;

    CsvImport(DataSource dataSource, JdbcClient jdbc, PlatformTransactionManager transactionManager) {
        this.dataSource = dataSource;
        this.jdbc = jdbc;
        this.transaction = Transaction.writing(transactionManager);
    }

    /**
     * Imports a directory.
     *
     * @throws TransferRefusedException when there is no file, some row is bad (at most 20 are listed), another import is
     *     under way, somebody changed the same rows meanwhile, or this process stood still; nothing is changed then. Also
     *     when the connection is lost during the commit, and whether all is changed is not known
     */
    public TransferSummary importFrom(Path directory, TransferProgress progress) {
        List<CsvSource> sources = sources(directory);
        TransferSummary summary;
        try {
            summary = transaction.execute(() -> importAll(sources, progress));
        } catch (UnansweredCommitException e) {
            refuseIfItStoodStill(e);
            throw TransferRefusedException.becauseOf(
                    e,
                    "the connection was lost before the database said whether the rows are in; look there before importing"
                            + " again, which adds interactions without an id once more");
        } catch (DataAccessException e) {
            refuseIfItStoodStill(e);
            if (e.getMostSpecificCause() instanceof PSQLException cause && RACES.contains(cause.getSQLState())) {
                throw TransferRefusedException.because(
                        TransferRefusedException.Kind.STATE,
                        "nothing was imported, as somebody else changed the same rows meanwhile; try again (%s)"
                                .formatted(reason(cause)));
            }
            throw e;
        }
        analyze(sources);
        return summary;
    }

    /** A session that is ended for it is idle, so that its commit was not begun. */
    private static void refuseIfItStoodStill(RuntimeException failure) {
        if (Causes.of(failure).anyMatch(cause -> cause instanceof SQLException sql && IDLE.equals(sql.getSQLState()))) {
            throw TransferRefusedException.because(
                    TransferRefusedException.Kind.STATE,
                    "nothing was imported: this process stood still for 15 s while it wrote, or its output was held up, and"
                            + " others waited for what it held; try again");
        }
    }

    /** What PostgreSQL says of the row, or of the failure if it names none. */
    private static String reason(PSQLException failure) {
        ServerErrorMessage said = failure.getServerErrorMessage();
        if (said == null) {
            return String.valueOf(failure.getMessage());
        }
        boolean ofARow = failure.getSQLState().startsWith("23") && said.getDetail() != null;
        return ShownText.of(String.valueOf(ofARow ? said.getDetail() : said.getMessage()));
    }

    private TransferSummary importAll(List<CsvSource> sources, TransferProgress progress) {
        boolean alone = jdbc.sql("select pg_try_advisory_xact_lock(?, hashtext(current_schema()))")
                .param(LOCK)
                .query(Boolean.class)
                .single();
        if (!alone) {
            throw TransferRefusedException.because(
                    TransferRefusedException.Kind.STATE, "another import is under way; try again when it has ended");
        }
        ImportErrors errors = new ImportErrors();
        List<StagedFile> files = stage(sources, errors, progress);
        errors.refuseIfAny();
        return write(files, errors, progress);
    }

    private static List<CsvSource> sources(Path directory) {
        if (!Files.isDirectory(directory)) {
            throw TransferRefusedException.because(directory + " is not a directory");
        }
        List<CsvSource> sources = new ArrayList<>();
        for (Dataset dataset : Dataset.values()) {
            try {
                CsvSource.find(directory, dataset).ifPresent(sources::add);
            } catch (IOException e) {
                throw new UncheckedIOException("cannot look into " + directory, e);
            }
        }
        if (sources.isEmpty()) {
            throw TransferRefusedException.because(directory
                    + " has none of users.csv, venues.csv, interactions.csv and social_edges.csv (or .csv.gz)");
        }
        return sources;
    }

    private List<StagedFile> stage(List<CsvSource> sources, ImportErrors errors, TransferProgress progress) {
        long total = sources.stream().mapToLong(CsvSource::bytes).sum();
        List<StagedFile> files = new ArrayList<>();
        long before = 0;
        Connection connection = DataSourceUtils.getConnection(dataSource);
        try {
            for (CsvSource source : sources) {
                makeStagingTable(source.dataset());
                long start = before;
                String phase = "reading " + source.fileName();
                LongConsumer bytesRead = bytes -> progress.show(phase, start + bytes, total);
                Optional<StagedFile> file = new FileStaging(source, errors).stage(connection, bytesRead);
                file.ifPresent(files::add);
                before += source.bytes();
            }
        } catch (SQLException e) {
            throw new IllegalStateException("PostgreSQL did not take the rows: " + e.getMessage(), e);
        } finally {
            DataSourceUtils.releaseConnection(connection, dataSource);
        }
        return files;
    }

    private void makeStagingTable(Dataset dataset) {
        List<String> columns = dataset.columns().stream()
                .map(column -> column.name() + " " + column.type().sqlType())
                .toList();
        jdbc.sql("create temporary table %s (line bigint not null, %s) on commit drop"
                        .formatted(dataset.stagingTable(), String.join(", ", columns)))
                .update();
    }

    private TransferSummary write(List<StagedFile> files, ImportErrors errors, TransferProgress progress) {
        // Sorting and hashing millions of staged rows; given back at the end of the transaction.
        jdbc.sql("set local work_mem = '64MB'").update();
        // A process that froze, or that somebody suspended, would keep others waiting for what it has written.
        jdbc.sql("set local idle_in_transaction_session_timeout = '15s'").update();
        StagingChecks checks = new StagingChecks(jdbc, errors);
        StagedUpsert upsert = new StagedUpsert(jdbc);
        progress.show("checking", 0, 0);
        for (StagedFile file : files) {
            jdbc.sql("analyze " + file.dataset().stagingTable()).update();
            checks.checkUniqueness(file);
        }
        errors.refuseIfAny();

        List<FileSummary> summaries = new ArrayList<>();
        for (StagedFile file : files) {
            checks.checkReferences(file);
            if (errors.isEmpty()) {
                progress.show("writing " + file.dataset().table(), 0, 0);
                summaries.add(new FileSummary(file.source().fileName(), file.rows(), upsert.write(file)));
            }
        }
        errors.refuseIfAny();
        return new TransferSummary(summaries);
    }

    /**
     * The next queries should not have to guess how much there is, and those that a running server has planned for a few
     * changed users must be planned anew.
     */
    private void analyze(List<CsvSource> sources) {
        String tables = Stream.concat(
                        sources.stream().map(source -> source.dataset().table()), Stream.of("user_change"))
                .collect(Collectors.joining(", "));
        try {
            jdbc.sql("analyze " + tables).update();
        } catch (DataAccessException e) {
            // What is imported stays: who took it for a failure would import it again, and visits without an id twice.
            log.warn(
                    "All rows are imported, but `analyze {}` failed ({}): queries may be slow until it is run again, or"
                            + " PostgreSQL does so by itself",
                    tables,
                    e.getMostSpecificCause().getMessage());
        }
    }
}
