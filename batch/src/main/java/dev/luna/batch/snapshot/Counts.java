package dev.luna.batch.snapshot;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Sizes of tables, as the connection's transaction sees them. Names must come from code. */
final class Counts {

    /**
     * The least a row of user_venue_interactions or user_social_edges takes on disk: a header of 24 bytes and a pointer of
     * 4, three uuids, a timestamp, and a text of at least 5.
     */
    private static final int LEAST_ROW_BYTES = 88;

    private Counts() {}

    /** The exact number of rows. */
    static int of(Connection connection, String table) throws SQLException {
        return Math.toIntExact(number(connection, "select count(*) from " + table));
    }

    /** At least the number of rows of one of the two large tables, from its size on disk: in no time. */
    static long atMost(Connection connection, String table) throws SQLException {
        return number(connection, "select pg_relation_size('" + table + "'::regclass)") / LEAST_ROW_BYTES;
    }

    /** Exactly the entries of a packed column. */
    static long packed(Connection connection, String table, String column) throws SQLException {
        return number(connection, "select coalesce(sum(octet_length(%s)), 0)::bigint from %s".formatted(column, table))
                / PackedInputs.ENTRY_BYTES;
    }

    /** Pages that the table has at least where the transaction's snapshot sees rows. */
    static long pages(Connection connection, String table) throws SQLException {
        return number(
                connection,
                "select pg_relation_size('" + table + "'::regclass) / current_setting('block_size')::bigint");
    }

    private static long number(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }
}
