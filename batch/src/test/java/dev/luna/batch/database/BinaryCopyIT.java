package dev.luna.batch.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.Arrays;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is written by binary COPY is what SQL sees, and what SQL sees is what is read. */
class BinaryCopyIT {

    private static final TestDatabase DATABASE = TestDatabase.empty();
    private static final UUID ID = UUID.fromString("fedcba98-7654-4321-8000-00ff00ff00ff");
    private static final String[] COLUMNS = {"a", "b", "c", "d", "e", "f", "g", "h"};

    private Connection connection;

    @BeforeEach
    void aTableWithEveryType() throws SQLException {
        connection = DATABASE.dataSource().getConnection();
        connection.setAutoCommit(false);
        execute("set timezone = 'UTC'");
        execute("""
                create table sample (a smallint, b integer, c bigint, d double precision, e uuid, f bytea, g text,
                  h timestamptz)
                """);
    }

    @AfterEach
    void rollBack() throws SQLException {
        connection.rollback();
        connection.close();
    }

    @Test
    void sqlSeesEveryTypeAsWritten() throws SQLException {
        writeOneRow();

        assertThat(text("select sample::text from sample"))
                .isEqualTo("(-2,70000,5000000000,-0.1,fedcba98-7654-4321-8000-00ff00ff00ff,\"\\\\x00ff\","
                        + "\"snow \u2603\",\"1999-12-31 23:59:59.999999+00\")");
    }

    @Test
    void everyTypeIsReadAsWritten() throws SQLException {
        writeOneRow();

        try (BinaryCopyReader row = BinaryCopyReader.open(connection, "select b, c, d, e, e, f, g from sample")) {
            assertThat(row.next()).isTrue();
            assertThat(row.int4()).isEqualTo(70000);
            assertThat(row.int8()).isEqualTo(5_000_000_000L);
            assertThat(row.float8()).isEqualTo(-0.1);
            assertThat(row.uuid()).isEqualTo(ID);
            long[] halves = new long[2];
            row.uuid(halves);
            assertThat(new UUID(halves[0], halves[1])).isEqualTo(ID);
            assertThat(row.bytea()).isEqualTo(new byte[] {0, -1});
            assertThat(row.text()).isEqualTo("snow \u2603");
            assertThat(row.next()).isFalse();
            assertThat(row.next()).isFalse();
        }
    }

    @Test
    void nullsAreSeenBeforeTheyAreRead() throws SQLException {
        String query = "select null::int, null::float8, null::text, null::bytea, null::int, 7";
        try (BinaryCopyReader row = BinaryCopyReader.open(connection, query)) {
            row.next();

            assertThat(row.isNull()).isTrue();
            assertThatThrownBy(row::int4).isInstanceOf(SQLException.class).hasMessageContaining("isNull()");
        }
        try (BinaryCopyReader row = BinaryCopyReader.open(connection, "select null::bytea")) {
            row.next();

            assertThatThrownBy(row::bytea).isInstanceOf(SQLException.class).hasMessageContaining("isNull()");
        }
        try (BinaryCopyReader row = BinaryCopyReader.open(connection, query)) {
            row.next();

            assertThat(row.int4Or(-1)).isEqualTo(-1);
            assertThat(row.float8OrNaN()).isNaN();
            assertThat(row.text()).isNull();
            assertThat(row.byteaOrNull()).isNull();
            row.skip();
            assertThat(row.isNull()).isFalse();
            assertThat(row.int4()).isEqualTo(7);
            assertThatThrownBy(row::isNull).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void aWidthThatDoesNotFitTheTypeIsRefused() throws SQLException {
        try (BinaryCopyReader row = BinaryCopyReader.open(connection, "select 1::int8")) {
            row.next();

            assertThatThrownBy(row::int4)
                    .isInstanceOf(SQLException.class)
                    .hasMessage("the field has 8 bytes, which is no integer");
        }
    }

    @Test
    void manyRowsOfAllLengthsPassThroughUnchanged() throws SQLException {
        execute("create table bulk (no integer, bytes bytea)");
        Random random = new Random(1);
        byte[] source = new byte[3 * BinaryCopyWriter.BUFFER_BYTES];
        random.nextBytes(source);
        int[] lengths = random.ints(3_000, 0, 500).toArray();
        // Around and above what the writer buffers.
        lengths[100] = BinaryCopyWriter.BUFFER_BYTES - 6;
        lengths[101] = BinaryCopyWriter.BUFFER_BYTES;
        lengths[102] = BinaryCopyWriter.BUFFER_BYTES + 1;
        lengths[103] = source.length;

        try (BinaryCopyWriter rows = BinaryCopyWriter.open(connection, "bulk", "no", "bytes")) {
            for (int i = 0; i < lengths.length; i++) {
                rows.startRow();
                rows.int4(i);
                rows.bytea(source, source.length - lengths[i], lengths[i]);
            }
            assertThat(rows.finish()).isEqualTo(3_000);
        }

        try (BinaryCopyReader row = BinaryCopyReader.open(connection, "select no, bytes from bulk order by no")) {
            for (int i = 0; i < lengths.length; i++) {
                assertThat(row.next()).isTrue();
                assertThat(row.int4()).isEqualTo(i);
                assertThat(row.bytea())
                        .isEqualTo(Arrays.copyOfRange(source, source.length - lengths[i], source.length));
            }
            assertThat(row.next()).isFalse();
        }
    }

    @Test
    void anEmptyQueryHasNoRow() throws SQLException {
        try (BinaryCopyReader row = BinaryCopyReader.open(connection, "select a from sample")) {
            assertThat(row.next()).isFalse();
        }
        assertThat(text("select 'the connection is free'")).isEqualTo("the connection is free");
    }

    @Test
    void aReaderClosedEarlyFreesTheConnection() throws SQLException {
        try (BinaryCopyReader row = BinaryCopyReader.open(connection, "select generate_series(1, 100000)")) {
            assertThat(row.next()).isTrue();
        }

        assertThat(text("select count(*) from sample")).isEqualTo("0");
    }

    @Test
    void aRowWithTooFewOrTooManyFieldsIsRefused() throws SQLException {
        try (BinaryCopyWriter rows = BinaryCopyWriter.open(connection, "sample", "a", "b")) {
            rows.startRow();
            rows.int2(1);
            assertThatThrownBy(rows::startRow).hasMessage("row 1 has 1 fields, expected 2");
            rows.nullValue();
            assertThatThrownBy(rows::nullValue).hasMessage("row 1 has more than its 2 fields");
        }
    }

    @Test
    void anUnfinishedCopyWritesNothing() throws SQLException {
        connection.commit();
        try (BinaryCopyWriter rows = BinaryCopyWriter.open(connection, "sample", "a")) {
            rows.startRow();
            rows.int2(1);
        }
        connection.rollback();

        assertThat(text("select count(*) from sample")).isEqualTo("0");
        execute("drop table sample");
        connection.commit();
    }

    @Test
    void aConnectionThatCommitsByItselfIsRefused() throws SQLException {
        connection.setAutoCommit(true);

        assertThatThrownBy(() -> BinaryCopyWriter.open(connection, "sample", "a"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("auto-commit");

        execute("drop table sample");
        connection.setAutoCommit(false);
    }

    private void writeOneRow() throws SQLException {
        try (BinaryCopyWriter rows = BinaryCopyWriter.open(connection, "sample", COLUMNS)) {
            rows.startRow();
            rows.int2(-2);
            rows.int4(70000);
            rows.int8(5_000_000_000L);
            rows.float8(-0.1);
            rows.uuid(ID);
            rows.bytea(new byte[] {0, -1});
            rows.text("snow \u2603");
            rows.timestamptz(Instant.parse("1999-12-31T23:59:59.999999Z"));
            assertThat(rows.finish()).isEqualTo(1);
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private String text(String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                var row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }
}
