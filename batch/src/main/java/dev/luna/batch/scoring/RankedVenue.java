package dev.luna.batch.scoring;

/**
 * One venue of a ranking, with what made its score.
 *
 * @param venueIndex the venue
 * @param score weighted sum of the components
 * @param distanceKm kilometres from home, NaN without a home
 * @param spatial nearness in [0, 1], 0 without a home
 * @param preference the user's own preference in [0, cap]
 * @param popularity likes relative to the most liked venue, in [0, 1]
 */
public record RankedVenue(
        int venueIndex, double score, double distanceKm, double spatial, double preference, double popularity) {

    /** The same under another catalog's number. */
    public RankedVenue at(int otherVenueIndex) {
        return new RankedVenue(otherVenueIndex, score, distanceKm, spatial, preference, popularity);
    }
}
