package dev.luna.batch.snapshot;

import java.util.Locale;

/**
 * What a full run takes of this process, known before it reads anything that is large; the heap also of one that resumes it.
 *
 * <p>Heap does not grow with interactions and edges, which go through scratch files; that is why neither counts here:
 *
 * <pre>
 * heap    = 96 MB + threads x (12 MB + 32 B x ranked venues of a chunk) + 120 B x users + 320 B x venues
 * scratch = 24 B x interactions + 28 B x edges + 8 B x users
 * </pre>
 *
 * <p>Per user: id 16, home 2 x 16 (by userIndex and by position), index of ids 8 to 16, scoring order and its scratch 28 +
 * 8, place of the packed row 8. Per ranked venue of a chunk: 16, and as much for companions. What garbage collection needs
 * on top is rounded up into the constants. Per interaction and edge: 12 and 16 bytes dealt out, and 12 packed; at most,
 * since pairs are summed and rows estimated from above.
 *
 * @param users number of users
 * @param venues number of venues
 * @param interactions at most so many
 * @param edges at most so many
 * @param threads threads that read and score
 * @param chunkVenues ranked venues that a thread holds until they are written: users of a chunk x list length
 */
public record SnapshotNeed(long users, long venues, long interactions, long edges, int threads, long chunkVenues) {

    /** The need of as many users, venues, interactions and edges, scored in such portions. */
    static SnapshotNeed of(long users, long venues, long interactions, long edges, ScoringPortions portions) {
        return new SnapshotNeed(
                users,
                venues,
                interactions,
                edges,
                portions.threads(),
                Math.min(portions.chunkUsers(), users) * Math.min(portions.venuesPerUser(), venues));
    }

    /** Bytes of heap. */
    public long heapBytes() {
        return (96L << 20) + threads * ((12L << 20) + 32 * chunkVenues) + 120 * users + 320 * venues;
    }

    /** Bytes of scratch files. */
    public long scratchBytes() {
        return 24 * interactions + 28 * edges + 8 * users;
    }

    /**
     * Refuses a heap that cannot hold it.
     *
     * @param heapLimit the most heap the JVM may take
     * @throws SnapshotRefusedException naming the setting to change
     */
    void requireHeap(long heapLimit) {
        if (heapBytes() > heapLimit) {
            throw new SnapshotRefusedException(
                    "%s need about %s of heap, but the JVM may take %s; start it with -Xmx%dm (LUNA_JAVA_OPTS for scripts/luna)"
                            .formatted(subject(), bytes(heapBytes()), bytes(heapLimit), maxHeapMebibytes()));
        }
    }

    /**
     * Refuses a scratch directory that cannot hold it.
     *
     * @param usableScratch bytes that may be written there
     * @throws SnapshotRefusedException naming the setting to change
     */
    void requireScratch(long usableScratch) {
        if (scratchBytes() > usableScratch) {
            throw new SnapshotRefusedException(
                    "%s need up to %s of scratch files, but only %s are free; choose another directory with luna.scratch.directory"
                            .formatted(subject(), bytes(scratchBytes()), bytes(usableScratch)));
        }
    }

    /**
     * The -Xmx that gives the heap. Of it the serial and the parallel collector keep one survivor space out of what a JVM may
     * take, a thirtieth and a twenty-fourth by default.
     */
    private long maxHeapMebibytes() {
        return -Math.floorDiv(-heapBytes() * 21 / 20, 1 << 20);
    }

    /** What is needed and what there is. */
    String sentence(long heapLimit) {
        return "%s take about %s of heap (the JVM may take %s) and up to %s of scratch files"
                .formatted(subject(), bytes(heapBytes()), bytes(heapLimit), bytes(scratchBytes()));
    }

    private String subject() {
        return String.format(Locale.ROOT, "%,d users and %,d venues", users, venues);
    }

    private static String bytes(long bytes) {
        return bytes < 10_000_000_000L
                ? String.format(Locale.ROOT, "%,d MB", bytes / 1_000_000)
                : String.format(Locale.ROOT, "%,d GB", bytes / 1_000_000_000);
    }
}
