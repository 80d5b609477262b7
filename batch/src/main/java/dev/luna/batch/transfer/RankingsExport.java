package dev.luna.batch.transfer;

import dev.luna.batch.database.FileFailure;
import dev.luna.batch.database.RunTables;
import dev.luna.batch.database.Transaction;
import dev.luna.batch.run.Run;
import dev.luna.batch.run.RunLog;
import dev.luna.batch.run.RunNotFoundException;
import dev.luna.batch.run.RunRefusedException;
import dev.luna.batch.run.Runs;
import dev.luna.batch.scoring.RankedVenue;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * Writes everyone's ranked venues as the published run has them, or another that is kept, users by id, all from one
 * snapshot of the database: a run that is published meanwhile changes nothing. After a refresh run, users it did not rank
 * have the ranking of its base.
 *
 * <p>Venues and users deleted since are left out, and ranks count what is left; a list may therefore be shorter than what
 * the run stored. The file appears complete or not at all. Memory: the run's venues and some hundred users. Thread-safe.
 */
@Component
public class RankingsExport {

    private static final int FETCH_SIZE = 500;
    private static final int USERS_BETWEEN_PROGRESS = 1_000;

    private final JdbcClient jdbc;
    private final Runs runs;
    private final RunLog runLog;
    private final Transaction transaction;

    RankingsExport(JdbcClient jdbc, Runs runs, RunLog runLog, PlatformTransactionManager transactionManager) {
        this.jdbc = jdbc;
        this.runs = runs;
        this.runLog = runLog;
        transaction = Transaction.reading(transactionManager);
    }

    /**
     * What was written.
     *
     * @param runId whose rankings they are
     * @param snapshotAt the moment whose inputs it ranks
     * @param users users in the file
     * @param venues ranked venues of all of them
     */
    public record Summary(long runId, Instant snapshotAt, long users, long venues) {}

    /** One user's ranking, by the venue numbers of the run that stored it: the exported one or its base. */
    private record Stored(UUID userId, long storedBy, byte[] packed) {}

    /**
     * Exports to a file, which is replaced if it is there.
     *
     * @param file whose name ends in {@code .csv} or {@code .jsonl}, or in one of them and {@code .gz}
     * @param runId a kept run, also one that is held; null for the published one
     * @throws TransferRefusedException if the name tells no format, the file cannot be written, or no run is published
     * @throws RunNotFoundException if there is no such run
     * @throws RunRefusedException if it has no complete, kept rankings
     */
    public Summary exportTo(Path file, @Nullable Long runId, TransferProgress progress) {
        RankingsFormat format = RankingsFormat.of(file);
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw TransferRefusedException.because(file + " cannot be written: " + folder + " is no directory");
        }
        NoFile.at(file).ifPresent(what -> {
            throw TransferRefusedException.because(what + "; remove it or choose another name");
        });
        long id = runId != null ? runId : published().id();
        return runs.ofComplete(id, "export", run -> export(run, file, folder, format, progress));
    }

    private Summary export(Run run, Path file, Path folder, RankingsFormat format, TransferProgress progress) {
        return transaction.execute(() -> {
            // A table that is emptied by TRUNCATE, or dropped, is empty in snapshots before that, too.
            jdbc.sql("lock table users, venues, %s in access share mode"
                            .formatted(new RunTables(run.id()).venueRankings()))
                    .update();
            try {
                return write(run, file, folder, format, progress);
            } catch (IOException e) {
                throw TransferRefusedException.because(
                        TransferRefusedException.Kind.DISK, "cannot write " + file + ": " + FileFailure.reason(e));
            }
        });
    }

    private Summary write(Run run, Path file, Path folder, RankingsFormat format, TransferProgress progress)
            throws IOException {
        long expected = Objects.requireNonNullElse(run.counts().users(), 0L);
        Map<Long, RankedVenues> venuesByRun = new HashMap<>();
        Long base = run.baseRunId();
        venuesByRun.put(run.id(), RankedVenues.of(jdbc, run.id(), runLog.profile(run.id())));
        if (base != null) {
            venuesByRun.put(base, RankedVenues.of(jdbc, base, runLog.profile(base)));
        }
        Path unfinished = UnfinishedFile.of(folder, String.valueOf(file.getFileName()));
        try {
            long users = 0;
            long venues = 0;
            try (Writer out = new BufferedWriter(new OutputStreamWriter(
                            UnfinishedFile.open(unfinished, file.toString()), StandardCharsets.UTF_8));
                    Stream<Stored> rows = rows(run)) {
                StringBuilder text = new StringBuilder();
                format.begin(text);
                for (Stored row : (Iterable<Stored>) rows::iterator) {
                    format.beginUser(text, row.userId, run.id());
                    venues += append(text, format, row, Objects.requireNonNull(venuesByRun.get(row.storedBy)));
                    format.endUser(text);
                    out.append(text);
                    text.setLength(0);
                    if (++users % USERS_BETWEEN_PROGRESS == 0) {
                        progress.show("writing " + file.getFileName(), users, expected);
                    }
                }
                out.append(text);
            }
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
            return new Summary(run.id(), Objects.requireNonNull(run.snapshotAt()), users, venues);
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }

    private Run published() {
        return runs.published()
                .orElseThrow(() -> TransferRefusedException.because(
                        TransferRefusedException.Kind.STATE,
                        "no run is published, so there are no rankings; make one with `luna recompute`"));
    }

    /** From the run's own tables: one that reads the table of all runs keeps each of them from being dropped. */
    private Stream<Stored> rows(Run run) {
        String own = new RunTables(run.id()).venueRankings();
        Long base = run.baseRunId();
        String lists = base == null
                ? "select u.id, r.run_id, r.ranking from users u join %s r on r.user_id = u.id".formatted(own)
                : """
                select u.id, coalesce(r.run_id, b.run_id) as run_id, coalesce(r.ranking, b.ranking) as ranking
                from users u
                left join %s r on r.user_id = u.id
                left join %s b on b.user_id = u.id
                """.formatted(own, new RunTables(base).venueRankings());
        return jdbc
                .sql("select id, run_id, ranking from (%s) l where length(ranking) > 0 order by id".formatted(lists))
                .withFetchSize(FETCH_SIZE)
                .query((row, n) ->
                        new Stored(row.getObject("id", UUID.class), row.getLong("run_id"), row.getBytes("ranking")))
                .stream();
    }

    /** Writes one user's venues and returns how many they are. */
    private static int append(StringBuilder text, RankingsFormat format, Stored row, RankedVenues venues) {
        List<RankedVenue> entries = venues.unpack(row.packed);
        int rank = 0;
        for (RankedVenue entry : entries) {
            RankedVenues.Named venue = venues.named(entry);
            if (venue != null) {
                rank++;
                format.venue(text, row.userId, rank, venue, entry);
            }
        }
        return rank;
    }
}
