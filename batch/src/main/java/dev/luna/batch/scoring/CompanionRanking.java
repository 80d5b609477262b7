package dev.luna.batch.scoring;

import java.util.ArrayList;
import java.util.List;

/**
 * One user's ranked companions, best first, in general or at one venue: a view that its worker fills again for the next
 * ranking, so read it before returning to the worker, or keep {@link #toList}. Components as in {@link RankedCompanion}.
 * Not thread-safe.
 */
public final class CompanionRanking {

    private int size;
    private int[] friend = new int[0];
    private double[] score = new double[0];
    private double[] base = new double[0];
    private double[] direct = new double[0];
    private double[] category = new double[0];

    CompanionRanking() {}

    /** Makes room for so many companions and forgets those it held. */
    void clear(int capacity) {
        size = 0;
        if (friend.length < capacity) {
            friend = new int[capacity];
            score = new double[capacity];
            base = new double[capacity];
            direct = new double[capacity];
            category = new double[capacity];
        }
    }

    void add(int friendIndex, double itsScore, double itsBase, double itsDirect, double itsCategory) {
        friend[size] = friendIndex;
        score[size] = itsScore;
        base[size] = itsBase;
        direct[size] = itsDirect;
        category[size] = itsCategory;
        size++;
    }

    /** Number of ranked companions; entries are 0 to size - 1, best first. */
    public int size() {
        return size;
    }

    /** The userIndex of the i-th best. */
    public int friend(int i) {
        return friend[i];
    }

    /** Weighted sum of the components, which the ranking is ordered by. */
    public double score(int i) {
        return score[i];
    }

    /** Strength of the edge to the friend. */
    public double base(int i) {
        return base[i];
    }

    /** The friend's preference for the venue. */
    public double direct(int i) {
        return direct[i];
    }

    /** The friend's taste for the venue's category. */
    public double category(int i) {
        return category[i];
    }

    /** The ranking as values of its own. */
    public List<RankedCompanion> toList() {
        List<RankedCompanion> list = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            list.add(new RankedCompanion(friend[i], score[i], base[i], direct[i], category[i]));
        }
        return list;
    }
}
