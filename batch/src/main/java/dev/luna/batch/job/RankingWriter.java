package dev.luna.batch.job;

import dev.luna.batch.database.BinaryCopyWriter;
import dev.luna.batch.database.RunTables;
import dev.luna.batch.run.Claim;
import dev.luna.batch.run.RunLease;
import dev.luna.batch.snapshot.Positions;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.springframework.batch.infrastructure.item.Chunk;
import org.springframework.batch.infrastructure.item.ItemWriter;
import org.springframework.jdbc.datasource.DataSourceUtils;

/**
 * Stores scored blocks in the chunk's transaction, together with the partition's progress and checksum, after proving that
 * the run is still this process's. So a chunk is stored once, by its owner, or not at all.
 */
final class RankingWriter implements ItemWriter<ScoredBlock> {

    private final Claim claim;
    private final RunLease lease;
    private final StoredPartition partition;
    private final RunTables tables;
    private final DataSource dataSource;

    RankingWriter(Claim claim, RunLease lease, StoredPartition partition, RunTables tables, DataSource dataSource) {
        this.claim = claim;
        this.lease = lease;
        this.partition = partition;
        this.tables = tables;
        this.dataSource = dataSource;
    }

    @Override
    public void write(Chunk<? extends ScoredBlock> chunk) throws SQLException {
        lease.prove(claim);
        Connection connection = DataSourceUtils.getConnection(dataSource);
        try {
            writeVenues(connection, chunk);
            writeCompanions(connection, chunk);
        } finally {
            DataSourceUtils.releaseConnection(connection, dataSource);
        }
        count(chunk);
    }

    /** The blocks of a chunk follow one another, so one count does for all. */
    private void count(Chunk<? extends ScoredBlock> chunk) {
        int first = chunk.getItems().get(0).block().first();
        int end = first;
        long checksum = 0;
        for (ScoredBlock scored : chunk) {
            if (scored.block().first() != end) {
                throw new IllegalStateException("a block begins at user %d; expected %d"
                        .formatted(scored.block().first(), end));
            }
            end = scored.block().end();
            checksum ^= scored.checksum();
        }
        partition.add(new Positions(first, end), checksum);
    }

    private void writeVenues(Connection connection, Chunk<? extends ScoredBlock> chunk) throws SQLException {
        try (BinaryCopyWriter rows =
                BinaryCopyWriter.open(connection, tables.venueRankings(), "run_id", "user_id", "ranking")) {
            for (ScoredBlock scored : chunk) {
                for (int i = 0; i < scored.block().users(); i++) {
                    writeVenues(rows, scored, i);
                }
            }
            rows.finish();
        }
    }

    /** A row is a method of its own, here and below: compiled within the loop, it drags in the driver, down to the socket. */
    private void writeVenues(BinaryCopyWriter rows, ScoredBlock scored, int i) throws SQLException {
        rows.startRow();
        rows.int8(claim.runId());
        rows.uuid(scored.idHigh()[i], scored.idLow()[i]);
        rows.bytea(scored.venues()[i]);
    }

    private void writeCompanions(Connection connection, Chunk<? extends ScoredBlock> chunk) throws SQLException {
        try (BinaryCopyWriter rows = BinaryCopyWriter.open(
                connection, tables.companionRankings(), "run_id", "user_id", "friend_count", "ranking")) {
            for (ScoredBlock scored : chunk) {
                for (int i = 0; i < scored.block().users(); i++) {
                    if (scored.friends()[i] > 0) {
                        writeCompanions(rows, scored, i);
                    }
                }
            }
            rows.finish();
        }
    }

    private void writeCompanions(BinaryCopyWriter rows, ScoredBlock scored, int i) throws SQLException {
        rows.startRow();
        rows.int8(claim.runId());
        rows.uuid(scored.idHigh()[i], scored.idLow()[i]);
        rows.int4(scored.friends()[i]);
        rows.bytea(scored.companions()[i]);
    }
}
