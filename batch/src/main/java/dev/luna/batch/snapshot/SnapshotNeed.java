package dev.luna.batch.snapshot;

import java.util.Locale;

/**
 * What a full run takes of this process, known before it reads anything that is large; the heap also of one that resumes it.
 *
 * <pre>
 * heap    = 96 MB + threads x (8 MB + 20 B x ranked venues of a chunk
 *                                   + 72 B x users of a chunk + 20 B x friends whom their rankings name
 *                                   + 6 B x venues with ranked companions + 10 B x companions there
 *                                   + 24 B x interactions of a block's users and their friends
 *                                   + 48 B x edges of a block's users)
 *         + 120 B x users + 320 B x venues
 * scratch = 24 B x interactions + 28 B x edges + 8 B x users
 * </pre>
 *
 * <p>How many interactions and edges there are does not count for the heap, since they go through scratch files; how many
 * one user has does, since a thread gathers those of a block. They are taken for evenly spread, and for twice as many,
 * because they are not; but never for more than there are.
 *
 * <p>Per user: id 16, home 2 x 16 (by userIndex and by position), index of ids 8 to 16, scoring order and its scratch 28 +
 * 8, place of the packed row 8. A chunk's rankings are packed as their codecs say, ranked venues to 16 bytes; a companion at
 * a venue takes 2 bytes, and 4 more each for a taste for its category and for the venue itself. Per interaction of a block 12,
 * per edge 12 and the friend's row 12. What garbage collection needs on top is rounded up into the constants. Scratch,
 * per interaction and edge: 12 and 16 bytes dealt out, and 12 packed; at most, since pairs are summed and rows estimated
 * from above.
 *
 * @param users number of users
 * @param venues number of venues
 * @param interactions at most so many
 * @param edges at most so many
 * @param portions what scoring holds at a time
 */
record SnapshotNeed(long users, long venues, long interactions, long edges, ScoringPortions portions) {

    /** Times the average that users of a block or a chunk, and their friends, may have of interactions and edges. */
    private static final double UNEVENNESS = 2;

    /** Bytes of heap. */
    long heapBytes() {
        return (96L << 20)
                + portions.threads() * ((8L << 20) + chunkBytes() + blockBytes())
                + 120 * users
                + 320 * venues;
    }

    /** Rankings that a thread holds until they are written. */
    private long chunkBytes() {
        if (users == 0) {
            return 0;
        }
        long ranked = Math.min(portions.venuesPerUser(), venues);
        long withCompanions = portions.companionsPerVenue() == 0 ? 0 : Math.min(portions.companionVenues(), ranked);
        long companions = portions.companionsPerUser() + withCompanions * portions.companionsPerVenue();
        double friends = Math.min(UNEVENNESS * edges / users, users);
        double userBytes = 20 * ranked
                + 72
                + 20 * Math.min(friends, companions)
                + withCompanions * (6 + 10 * Math.min(friends, portions.companionsPerVenue()));
        return (long) (userBytes * Math.min(portions.chunkUsers(), users));
    }

    /** Inputs that a thread gathers to score a block. */
    private long blockBytes() {
        if (users == 0) {
            return 0;
        }
        double venuesOfUser = Math.min((double) interactions / users, venues);
        double friendsOfUser = (double) edges / users;
        double blockUsers = Math.min(portions.blockUsers(), users);
        double friends = Math.min(blockUsers * friendsOfUser, users);
        return (long) (12 * Math.min(UNEVENNESS * venuesOfUser * blockUsers, interactions)
                + 12 * Math.min(UNEVENNESS * venuesOfUser * friends, interactions)
                + 24 * Math.min(UNEVENNESS * friendsOfUser * blockUsers, edges));
    }

    /** Bytes of scratch files. */
    long scratchBytes() {
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
                    "%s need about %s of heap, but the JVM may take %s; start it with -Xmx%sm (LUNA_JAVA_OPTS for scripts/luna)"
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
     * The -Xmx that gives the heap. Of it some collectors keep one survivor space out of what a JVM may take: by default the
     * serial one a thirtieth, and the parallel one, as it goes, up to a ninth.
     */
    private long maxHeapMebibytes() {
        return -Math.floorDiv(-heapBytes() * 9 / 8, 1 << 20);
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
