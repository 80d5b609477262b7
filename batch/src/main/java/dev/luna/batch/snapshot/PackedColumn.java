package dev.luna.batch.snapshot;

import dev.luna.batch.database.BinaryCopyReader;
import java.nio.ByteBuffer;
import java.sql.SQLException;

/** Reads packed columns, which are never null. */
final class PackedColumn {

    private PackedColumn() {}

    /** The next field of the current row. */
    static ByteBuffer of(BinaryCopyReader rows) throws SQLException {
        byte[] packed = rows.bytea();
        if (packed == null) {
            throw new IllegalStateException("a packed column is null; expected bytes");
        }
        return ByteBuffer.wrap(packed);
    }
}
