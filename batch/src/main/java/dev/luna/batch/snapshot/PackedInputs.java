package dev.luna.batch.snapshot;

import dev.luna.batch.scoring.InteractionMatrix;
import dev.luna.batch.scoring.SocialGraph;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * Interactions and friends of all users of a run by position, in a file mapped into memory: the operating system keeps
 * what is in use, and users of one block, being neighbours, mostly know neighbours. So their number is not bounded by the
 * heap. Immutable and thread-safe. Heap: 8 bytes a user.
 *
 * <p>A row is two counts, then {@value #ENTRY_BYTES} bytes an entry, as in the column of the same name of {@code run_input}:
 * venues (venueIndex, likes, seconds), then friends (userIndex, strength). The file goes when nothing refers to it any more.
 */
public final class PackedInputs {

    /** Bytes of one entry of either kind. */
    public static final int ENTRY_BYTES = 12;

    private static final int COUNTS_BYTES = 8;

    /** A mapping holds less than 2 GiB; rows never lie across two. */
    private static final int SEGMENT_BITS = 30;

    private final long[] rowAt;
    private final ByteBuffer[] segments;
    private final int segmentBits;

    private PackedInputs(long[] rowAt, ByteBuffer[] segments, int segmentBits) {
        this.rowAt = rowAt;
        this.segments = segments;
        this.segmentBits = segmentBits;
    }

    /** Number of venues a user had to do with. */
    int venues(int position) {
        return segment(position).getInt(within(position));
    }

    /** Number of a user's friends. */
    int friends(int position) {
        return segment(position).getInt(within(position) + 4);
    }

    /** Copies a user's venues to position {@code to} of three parallel arrays; ascending by venueIndex. */
    void copyVenues(int position, int[] venue, int[] likes, int[] seconds, int to) {
        ByteBuffer segment = segment(position);
        int from = within(position) + COUNTS_BYTES;
        for (int i = to, end = to + venues(position); i < end; i++, from += ENTRY_BYTES) {
            venue[i] = segment.getInt(from);
            likes[i] = segment.getInt(from + 4);
            seconds[i] = segment.getInt(from + 8);
        }
    }

    /** Copies a user's friends to position {@code to} of two parallel arrays; ascending by userIndex. */
    void copyFriends(int position, int[] friend, double[] strength, int to) {
        ByteBuffer segment = segment(position);
        int from = within(position) + COUNTS_BYTES + venues(position) * ENTRY_BYTES;
        for (int i = to, end = to + friends(position); i < end; i++, from += ENTRY_BYTES) {
            friend[i] = segment.getInt(from);
            strength[i] = segment.getDouble(from + 4);
        }
    }

    /** A user's venues as they are packed; ascending by venueIndex. */
    byte[] packedVenues(int position) {
        byte[] packed = new byte[venues(position) * ENTRY_BYTES];
        segment(position).get(within(position) + COUNTS_BYTES, packed);
        return packed;
    }

    /** What the users at these positions had to do with venues; row = place in {@code positions}. */
    InteractionMatrix venuesOf(int[] positions, int venueCount) {
        int[] offsets = offsets(positions, this::venues);
        int entries = offsets[positions.length];
        int[] venue = new int[entries];
        int[] likes = new int[entries];
        int[] seconds = new int[entries];
        for (int row = 0; row < positions.length; row++) {
            copyVenues(positions[row], venue, likes, seconds, offsets[row]);
        }
        return InteractionMatrix.of(venueCount, offsets, venue, likes, seconds);
    }

    /** The edges of the users at these positions; row = place in {@code positions}, friend = userIndex. */
    SocialGraph friendsOf(int[] positions, int userCount) {
        int[] offsets = offsets(positions, this::friends);
        int[] friend = new int[offsets[positions.length]];
        double[] strength = new double[friend.length];
        for (int row = 0; row < positions.length; row++) {
            copyFriends(positions[row], friend, strength, offsets[row]);
        }
        return SocialGraph.of(userCount, offsets, friend, strength);
    }

    private static int[] offsets(int[] positions, IntUnaryOperator entries) {
        int[] offsets = new int[positions.length + 1];
        for (int row = 0; row < positions.length; row++) {
            offsets[row + 1] = entries.applyAsInt(positions[row]);
        }
        RowOffsets.sum(offsets);
        return offsets;
    }

    private ByteBuffer segment(int position) {
        return segments[(int) (rowAt[position] >>> segmentBits)];
    }

    private int within(int position) {
        return (int) (rowAt[position] & ((1L << segmentBits) - 1));
    }

    /** Writes rows in order of position. Not thread-safe; closing it without {@link #build} drops the file. */
    static final class Builder implements AutoCloseable {

        private static final int BUFFER_BYTES = 1 << 20;

        private final ScratchFile file;
        private final long[] rowAt;
        private final int segmentBits;
        private final long segmentBytes;
        private ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
        private long written;
        private int rows;

        Builder(Path directory, int users) throws IOException {
            this(directory, users, SEGMENT_BITS);
        }

        Builder(Path directory, int users, int segmentBits) throws IOException {
            this.file = ScratchFile.create(directory);
            this.rowAt = new long[users];
            this.segmentBits = segmentBits;
            this.segmentBytes = 1L << segmentBits;
        }

        /** Adds the next user: what remains in either buffer, whole entries each. */
        void add(ByteBuffer venues, ByteBuffer friends) throws IOException {
            if (venues.remaining() % ENTRY_BYTES != 0 || friends.remaining() % ENTRY_BYTES != 0) {
                throw new IllegalArgumentException("the user at position " + rows + " has " + venues.remaining()
                        + " bytes of venues and " + friends.remaining() + " of friends; expected multiples of "
                        + ENTRY_BYTES);
            }
            long bytes = COUNTS_BYTES + (long) venues.remaining() + friends.remaining();
            if (bytes > segmentBytes) {
                throw new IllegalArgumentException("the user at position " + rows + " has " + venues.remaining()
                        + " bytes of venues and " + friends.remaining() + " of friends; expected at most "
                        + segmentBytes + " in all");
            }
            long at = written + buffer.position();
            if ((at & (segmentBytes - 1)) + bytes > segmentBytes) {
                at = skipTo((at | (segmentBytes - 1)) + 1);
            }
            rowAt[rows++] = at;
            room((int) bytes)
                    .putInt(venues.remaining() / ENTRY_BYTES)
                    .putInt(friends.remaining() / ENTRY_BYTES)
                    .put(venues)
                    .put(friends);
        }

        /** All rows, mapped. */
        PackedInputs build() throws IOException {
            if (rows != rowAt.length) {
                throw new IllegalStateException(rows + " users were added; expected " + rowAt.length);
            }
            flush();
            List<ByteBuffer> segments = new ArrayList<>();
            for (long at = 0; at < file.size(); at += segmentBytes) {
                segments.add(file.map(at, Math.min(segmentBytes, file.size() - at)));
            }
            return new PackedInputs(rowAt, segments.toArray(ByteBuffer[]::new), segmentBits);
        }

        private long skipTo(long place) throws IOException {
            while (written + buffer.position() < place) {
                int gap = (int) Math.min(BUFFER_BYTES, place - written - buffer.position());
                ByteBuffer zeros = room(gap);
                zeros.position(zeros.position() + gap);
            }
            return place;
        }

        private ByteBuffer room(int bytes) throws IOException {
            if (buffer.remaining() < bytes) {
                flush();
                if (buffer.capacity() < bytes) {
                    buffer = ByteBuffer.allocate(bytes);
                }
            }
            return buffer;
        }

        private void flush() throws IOException {
            written += buffer.flip().remaining();
            file.append(buffer);
            buffer.clear();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
