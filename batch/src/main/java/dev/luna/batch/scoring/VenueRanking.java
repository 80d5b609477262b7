package dev.luna.batch.scoring;

import java.util.ArrayList;
import java.util.List;

/**
 * One user's ranked venues, best first: a view that its worker fills again for the next user, so read it before returning
 * to the worker, or keep {@link #toList}. Components as in {@link RankedVenue}. Not thread-safe.
 */
public final class VenueRanking {

    int size;
    int[] venue = new int[0];
    double[] score = new double[0];
    double[] distanceKm = new double[0];
    double[] spatial = new double[0];
    double[] preference = new double[0];
    double[] popularity = new double[0];

    VenueRanking() {}

    /** Makes room for so many venues and forgets those it held. */
    void clear(int capacity) {
        size = 0;
        if (venue.length < capacity) {
            venue = new int[capacity];
            score = new double[capacity];
            distanceKm = new double[capacity];
            spatial = new double[capacity];
            preference = new double[capacity];
            popularity = new double[capacity];
        }
    }

    /** Number of ranked venues; entries are 0 to size - 1, best first. */
    public int size() {
        return size;
    }

    /** The venueIndex of the i-th best. */
    public int venue(int i) {
        return venue[i];
    }

    /** Weighted sum of the components, which the ranking is ordered by. */
    public double score(int i) {
        return score[i];
    }

    /** Kilometres from home, NaN without a home. */
    public double distanceKm(int i) {
        return distanceKm[i];
    }

    /** Nearness to home in [0, 1], 0 without a home; not yet weighted. */
    public double spatial(int i) {
        return spatial[i];
    }

    /** The user's own interactions with the venue, 0 to the profile's cap; not yet weighted. */
    public double preference(int i) {
        return preference[i];
    }

    /** The venue's likes as a share of the most likes, in [0, 1]; not yet weighted. */
    public double popularity(int i) {
        return popularity[i];
    }

    /** The ranking as values of its own. */
    public List<RankedVenue> toList() {
        List<RankedVenue> list = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            list.add(new RankedVenue(venue[i], score[i], distanceKm[i], spatial[i], preference[i], popularity[i]));
        }
        return list;
    }
}
