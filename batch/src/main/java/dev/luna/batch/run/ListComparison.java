package dev.luna.batch.run;

import dev.luna.batch.scoring.VenueRankingCodec;
import java.nio.ByteBuffer;
import java.util.ArrayList;
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
    private static final int SHARE_PARTS = 2520;

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
     * A user's list of one generation.
     *
     * @param storedBy the run whose dictionary it is packed by, and whose staged inputs it was ranked from
     * @param packed the packed list
     */
    record StoredList(long storedBy, byte[] packed) {

        private int size() {
            return packed.length / VenueRankingCodec.ENTRY_BYTES;
        }
    }

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
        int[] beforeNumbers = venues.numbers(before.storedBy);
        int[] afterNumbers = venues.numbers(after.storedBy);
        int longest = Math.max(Math.min(DEPTH, before.size()), Math.min(DEPTH, after.size()));
        int parts = longest == 0
                ? SHARE_PARTS
                : shared(before, beforeNumbers, after, afterNumbers, DEPTH) * (SHARE_PARTS / longest);
        shareParts += parts;
        if (isSame(before, beforeNumbers, after, afterNumbers)) {
            return;
        }
        changed++;
        int all = shared(before, beforeNumbers, after, afterNumbers, Integer.MAX_VALUE);
        movers.add(new Moved(userId, parts, all, before, after));
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
        return compared == 0 ? 1 : (double) shareParts / SHARE_PARTS / compared;
    }

    /** Largest first. */
    List<Moved> movers() {
        return movers.stream().sorted(LARGEST_FIRST).toList();
    }

    /** Common numbers of the first so many venues of a list. */
    List<Integer> first(int depth, StoredList list) {
        int[] numbers = venues.numbers(list.storedBy);
        ByteBuffer in = ByteBuffer.wrap(list.packed);
        List<Integer> first = new ArrayList<>();
        for (int i = 0; i < Math.min(depth, list.size()); i++) {
            first.add(numbers[in.getInt(i * VenueRankingCodec.ENTRY_BYTES)]);
        }
        return first;
    }

    private static boolean isSame(StoredList before, int[] beforeNumbers, StoredList after, int[] afterNumbers) {
        if (before.size() != after.size()) {
            return false;
        }
        ByteBuffer left = ByteBuffer.wrap(before.packed);
        ByteBuffer right = ByteBuffer.wrap(after.packed);
        for (int at = 0; at < before.packed.length; at += VenueRankingCodec.ENTRY_BYTES) {
            if (beforeNumbers[left.getInt(at)] != afterNumbers[right.getInt(at)]) {
                return false;
            }
        }
        return true;
    }

    private int shared(StoredList before, int[] beforeNumbers, StoredList after, int[] afterNumbers, int depth) {
        user++;
        ByteBuffer left = ByteBuffer.wrap(before.packed);
        for (int i = 0; i < Math.min(depth, before.size()); i++) {
            seenBy[beforeNumbers[left.getInt(i * VenueRankingCodec.ENTRY_BYTES)]] = user;
        }
        ByteBuffer right = ByteBuffer.wrap(after.packed);
        int shared = 0;
        for (int i = 0; i < Math.min(depth, after.size()); i++) {
            shared += seenBy[afterNumbers[right.getInt(i * VenueRankingCodec.ENTRY_BYTES)]] == user ? 1 : 0;
        }
        return shared;
    }
}
