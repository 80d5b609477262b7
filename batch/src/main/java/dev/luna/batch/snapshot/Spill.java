package dev.luna.batch.snapshot;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * Records of a fixed size, dealt out to buckets in whatever order they come, and read back bucket by bucket: the first
 * half of a partitioned ("Grace") aggregation, which keeps none of them in memory. Writing is for several threads, each
 * with a {@link Writer} of its own; reading may begin when all writers are finished. Memory: {@value #PIECE_BYTES} bytes
 * a bucket and writer.
 */
final class Spill implements AutoCloseable {

    private static final int PIECE_BYTES = 16 * 1024;

    private final ScratchFile file;
    private final int pieceBytes;
    private final List<List<Piece>> pieces = new ArrayList<>();

    private record Piece(long at, int bytes) {}

    private Spill(ScratchFile file, int buckets, int recordBytes) {
        this.file = file;
        this.pieceBytes = PIECE_BYTES / recordBytes * recordBytes;
        for (int bucket = 0; bucket < buckets; bucket++) {
            pieces.add(new ArrayList<>());
        }
    }

    static Spill create(Path directory, int buckets, int recordBytes) throws IOException {
        return new Spill(ScratchFile.create(directory), buckets, recordBytes);
    }

    /** A writer for one thread. */
    Writer newWriter() {
        return new Writer();
    }

    /** Deals out records; {@link #finish} writes what it still holds. */
    final class Writer {

        private final ByteBuffer[] open = new ByteBuffer[pieces.size()];
        private long records;

        private Writer() {
            Arrays.setAll(open, bucket -> ByteBuffer.allocate(pieceBytes));
        }

        /** Room for the next record of a bucket, to be filled by the caller at once. */
        ByteBuffer next(int bucket) throws IOException {
            records++;
            ByteBuffer buffer = open[bucket];
            if (!buffer.hasRemaining()) {
                write(bucket, buffer);
            }
            return buffer;
        }

        /** Writes everything and returns the number of records. */
        long finish() throws IOException {
            for (int bucket = 0; bucket < open.length; bucket++) {
                ByteBuffer buffer = open[bucket];
                if (buffer.position() > 0) {
                    write(bucket, buffer);
                }
            }
            return records;
        }

        private void write(int bucket, ByteBuffer buffer) throws IOException {
            int bytes = buffer.flip().remaining();
            Piece piece = new Piece(file.append(buffer), bytes);
            synchronized (pieces) {
                pieces.get(bucket).add(piece);
            }
            buffer.clear();
        }
    }

    /** Hands over the records of a bucket, some at a time, in no particular order. */
    void read(int bucket, Consumer<ByteBuffer> records) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(pieceBytes);
        for (Piece piece : pieces.get(bucket)) {
            file.read(piece.at, buffer.clear().limit(piece.bytes));
            records.accept(buffer.flip());
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
