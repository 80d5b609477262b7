package dev.luna.batch.snapshot;

import dev.luna.batch.scoring.InteractionMatrix;
import dev.luna.batch.scoring.SocialGraph;
import java.nio.ByteBuffer;

/**
 * Packs rows as the columns {@code venues} and {@code friends} of {@code run_input} have them. Each method gives its own
 * buffer again at every call, ready to be read. Not thread-safe.
 */
final class PackedRows {

    private static final int ENTRY_BYTES = PackedInputs.ENTRY_BYTES;

    private ByteBuffer venueBytes = ByteBuffer.allocate(4096);
    private ByteBuffer friendBytes = ByteBuffer.allocate(4096);

    ByteBuffer venues(InteractionMatrix interactions, int row) {
        int from = interactions.offset(row);
        int end = interactions.offset(row + 1);
        venueBytes = room(venueBytes, (end - from) * ENTRY_BYTES);
        for (int entry = from; entry < end; entry++) {
            venueBytes
                    .putInt(interactions.venue(entry))
                    .putInt(interactions.likes(entry))
                    .putInt(interactions.seconds(entry));
        }
        return venueBytes.flip();
    }

    ByteBuffer friends(SocialGraph graph, int row) {
        int from = graph.offset(row);
        int end = graph.offset(row + 1);
        friendBytes = room(friendBytes, (end - from) * ENTRY_BYTES);
        for (int edge = from; edge < end; edge++) {
            friendBytes.putInt(graph.friend(edge)).putDouble(graph.strength(edge));
        }
        return friendBytes.flip();
    }

    private static ByteBuffer room(ByteBuffer reusable, int bytes) {
        return reusable.capacity() >= bytes
                ? reusable.clear()
                : ByteBuffer.allocate(Math.max(bytes, reusable.capacity() * 2));
    }
}
