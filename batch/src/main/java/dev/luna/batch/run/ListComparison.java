package dev.luna.batch.run;

import dev.luna.batch.scoring.VenueRankingCodec;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.UUID;

/**
 * Compares two packed lists of venues of one user after another, and keeps counts and the largest movers. Memory: 4 bytes a
 * venue and two lists a mover. The outcome does not depend on the order of users. Not thread-safe.
 */
final class ListComparison {

    /** How much of each list overlaps are about. */
    static final int DEPTH = 10;

    /** A multiple of 1 to {@link #DEPTH}: shares are summed in whole numbers of this part, so exactly. */
    static final int SHARE_PARTS = 2520;

    /** Smallest overlap of the first venues first, then of whole lists, then by id text. */
    private static final Comparator<Moved> LARGEST_FIRST = Comparator.comparingInt(Moved::shareParts)
            .thenComparingInt(Moved::sharedVenues)
            .thenComparing(moved -> moved.userId().toString());

    private final GenerationVenues venues;
    private final int mostMovers;
    private final PriorityQueue<Moved> movers = new PriorityQueue<>(LARGEST_FIRST.reversed());
    private final int[] seenBy;
    private int user;
    private long compared;
    private long changed;
    private long shareParts;

    /** @param venues with the dictionaries of all runs that store lists */
    ListComparison(GenerationVenues venues, int mostMovers) {
        this.venues = venues;
        this.mostMovers = mostMovers;
        this.seenBy = new int[venues.size()];
    }

    /**
     * A user's list of one generation, of at least one venue.
     *
     * @param storedBy the run whose dictionary it is packed by, and whose staged inputs it was ranked from
     * @param packed the packed list
     */
    record StoredList(long storedBy, byte[] packed) {}

    /**
     * A user whose list changed.
     *
     * @param shareParts overlap of the first venues, in parts of {@link #SHARE_PARTS}
     * @param sharedVenues venues that both whole lists have
     */
    record Moved(UUID userId, int shareParts, int sharedVenues, StoredList before, StoredList after) {

        double overlap() {
            return (double) shareParts / SHARE_PARTS;
        }
    }

    void compare(UUID userId, StoredList before, StoredList after) {
        compared++;
        int[] was = numbered(before);
        int[] is = numbered(after);
        int longest = Math.min(DEPTH, Math.max(was.length, is.length));
        int parts = shared(was, is, DEPTH) * (SHARE_PARTS / longest);
        shareParts += parts;
        if (Arrays.equals(was, is)) {
            return;
        }
        changed++;
        movers.add(new Moved(userId, parts, shared(was, is, Integer.MAX_VALUE), before, after));
        if (movers.size() > mostMovers) {
            movers.poll();
        }
    }

    /** Counts users whose lists are known to be the same. */
    void addSame(long users) {
        compared += users;
        shareParts += users * SHARE_PARTS;
    }

    long compared() {
        return compared;
    }

    long changed() {
        return changed;
    }

    double meanOverlap() {
        return compared == 0 ? 1 : (double) shareParts / (compared * SHARE_PARTS);
    }

    /** Largest first. */
    List<Moved> movers() {
        return movers.stream().sorted(LARGEST_FIRST).toList();
    }

    /** Common numbers of the first so many venues of a list. */
    List<Integer> first(int depth, StoredList list) {
        return Arrays.stream(numbered(list)).limit(depth).boxed().toList();
    }

    private int[] numbered(StoredList list) {
        int[] numbers = venues.numbers(list.storedBy);
        ByteBuffer in = ByteBuffer.wrap(list.packed);
        int[] numbered = new int[list.packed.length / VenueRankingCodec.ENTRY_BYTES];
        for (int i = 0; i < numbered.length; i++) {
            numbered[i] = numbers[in.getInt(i * VenueRankingCodec.ENTRY_BYTES)];
        }
        return numbered;
    }

    private int shared(int[] was, int[] is, int depth) {
        user++;
        for (int i = 0; i < Math.min(depth, was.length); i++) {
            seenBy[was[i]] = user;
        }
        int shared = 0;
        for (int i = 0; i < Math.min(depth, is.length); i++) {
            shared += seenBy[is[i]] == user ? 1 : 0;
        }
        return shared;
    }
}
