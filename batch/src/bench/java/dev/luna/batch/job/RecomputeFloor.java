package dev.luna.batch.job;

import dev.luna.batch.database.RunTables;
import dev.luna.batch.run.RunLog;
import dev.luna.batch.run.RunSettings;
import dev.luna.batch.scoring.ScoringProfile;
import dev.luna.batch.snapshot.Positions;
import dev.luna.batch.snapshot.StagedInputs;
import dev.luna.batch.snapshot.StagedInputsReader;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyOut;

/**
 * What a finished run would cost at least if its parts were done one after another by the fastest plain means on the same
 * database: binary COPY of its inputs to a reader that drops them, scoring on one thread over inputs already in memory, and
 * binary COPY of its outputs from a file into fresh tables with the same keys. No metadata, lease, progress, gate, sorting
 * or numbering.
 */
public final class RecomputeFloor {

    /** Which kind of work a part is. */
    public enum Kind {
        COPY_OUT,
        COMPUTE,
        COPY_IN,
        KEY
    }

    /**
     * One part of the floor.
     *
     * @param kind what is done
     * @param what with what
     * @param wall how long it took
     * @param rows rows moved, or users scored
     * @param bytes bytes of the COPY stream; 0 if there is none
     */
    public record Part(Kind kind, String what, Duration wall, long rows, long bytes) {}

    private static final int BUFFER_BYTES = 64 * 1024;

    /** The schema of the scratch tables. */
    private static final String SCRATCH = "luna_bench_floor";

    private final DataSource dataSource;
    private final StagedInputsReader inputs;
    private final RunLog runLog;

    public RecomputeFloor(DataSource dataSource, StagedInputsReader inputs, RunLog runLog) {
        this.dataSource = dataSource;
        this.inputs = inputs;
        this.runLog = runLog;
    }

    /**
     * Measures every part once. The user must be allowed to create a schema.
     *
     * @param runId a run whose storage is kept
     * @param checksum the run's checksum, which the rankings computed here must have too
     * @throws IllegalStateException if they have not
     */
    public List<Part> measure(long runId, long checksum) throws SQLException, IOException {
        List<Part> parts = new ArrayList<>();
        copyInputs(parts);
        compute(parts, runId, checksum);
        copyOutputs(parts, runId);
        return parts;
    }

    private void copyInputs(List<Part> parts) throws SQLException {
        Map<String, String> queries = new LinkedHashMap<>();
        queries.put("users", "select id, home_lat, home_lng from users");
        queries.put("venues", "select id, lat, lng, category from venues");
        // Type and seconds in one number, as the snapshot reads them.
        queries.put("interactions", """
                select user_id, venue_id,
                       case when interaction_type in ('like', 'interest') then coalesce(dwell_time, 0)
                       else -1 - coalesce(dwell_time, 0) end
                from user_venue_interactions
                """);
        queries.put("social edges", "select user_id, other_user_id, strength from user_social_edges");
        try (Connection connection = dataSource.getConnection()) {
            for (Map.Entry<String, String> query : queries.entrySet()) {
                parts.add(copyOut(connection, query.getKey(), query.getValue(), OutputStream.nullOutputStream()));
            }
        } catch (IOException e) {
            throw new IllegalStateException("a stream that drops everything failed", e);
        }
    }

    private void compute(List<Part> parts, long runId, long expected) {
        StagedInputs staged = inputs.read(runId);
        ScoringProfile profile = runLog.profile(runId);
        RunSettings settings = runLog.settings(runId);
        int users = staged.users();
        long checksum = 0;
        long start = System.nanoTime();
        ScoringWorld world = ScoringWorld.of(staged, profile, settings);
        BlockScorer scorer = new BlockScorer(world);
        for (int first = 0; first < users; first += settings.blockUsers()) {
            Positions block = new Positions(first, Math.min(users, first + settings.blockUsers()));
            checksum ^= scorer.process(block).checksum();
        }
        parts.add(new Part(Kind.COMPUTE, "rankings of all users, one thread", since(start), users, 0));
        if (checksum != expected) {
            throw new IllegalStateException("the rankings computed again have the checksum %016x, those of run %d %016x"
                    .formatted(checksum, runId, expected));
        }
    }

    private void copyOutputs(List<Part> parts, long runId) throws SQLException, IOException {
        RunTables tables = new RunTables(runId);
        Map<String, String> keys = new LinkedHashMap<>();
        keys.put(tables.venues(), "venue_no");
        keys.put(tables.inputs(), "position");
        keys.put(tables.venueRankings(), "user_id");
        keys.put(tables.companionRankings(), "user_id");
        Path file = Files.createTempFile("luna-bench-", ".copy");
        try (Connection connection = dataSource.getConnection()) {
            execute(connection, "drop schema if exists " + SCRATCH + " cascade");
            execute(connection, "create schema " + SCRATCH);
            try {
                for (Map.Entry<String, String> table : keys.entrySet()) {
                    copyIn(parts, connection, table.getKey(), table.getValue(), file);
                }
            } finally {
                execute(connection, "drop schema if exists " + SCRATCH + " cascade");
            }
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private static void copyIn(List<Part> parts, Connection connection, String table, String key, Path file)
            throws SQLException, IOException {
        Part spooled;
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), BUFFER_BYTES)) {
            spooled = copyOut(connection, table, "select * from " + table, out);
        }
        String scratch = SCRATCH + "." + table;
        execute(
                connection,
                "create table %s (like %s including storage including constraints) with (autovacuum_enabled = false)"
                        .formatted(scratch, table));
        String what = table.replaceFirst("_\\d+$", "");
        long start = System.nanoTime();
        CopyIn copy = connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyIn("copy " + scratch + " from stdin (format binary)");
        byte[] buffer = new byte[BUFFER_BYTES];
        try (InputStream in = Files.newInputStream(file)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                copy.writeToCopy(buffer, 0, n);
            }
        }
        long rows = copy.endCopy();
        parts.add(new Part(Kind.COPY_IN, what, since(start), rows, spooled.bytes()));
        start = System.nanoTime();
        execute(connection, "alter table %s add primary key (%s)".formatted(scratch, key));
        parts.add(new Part(Kind.KEY, what, since(start), rows, 0));
    }

    private static Part copyOut(Connection connection, String what, String query, OutputStream target)
            throws SQLException, IOException {
        long start = System.nanoTime();
        long bytes = 0;
        CopyOut copy = connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyOut("copy (" + query + ") to stdout (format binary)");
        for (byte[] message = copy.readFromCopy(); message != null; message = copy.readFromCopy()) {
            target.write(message);
            bytes += message.length;
        }
        return new Part(Kind.COPY_OUT, what, since(start), copy.getHandledRowCount(), bytes);
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static Duration since(long start) {
        return Duration.ofNanos(System.nanoTime() - start);
    }
}
