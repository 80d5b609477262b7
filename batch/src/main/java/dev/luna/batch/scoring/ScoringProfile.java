package dev.luna.batch.scoring;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * Weights, decay and caps of the two scores.
 *
 * <pre>
 * venue score     = spatialWeight * exp(-decayPerKm * km)                                       0 without a home
 *                 + preferenceWeight * min(preferenceCap, preferencePerLike * likes + seconds / preferenceDwellSeconds)
 *                 + popularityWeight * likes(venue) / (largest likes of any venue)              0 if that is 0
 * companion score = baseWeight * strength
 *                 + directWeight * (the friend's preference for the venue)
 *                 + categoryWeight * min(categoryCap, categoryPerLike * likes + seconds / categoryDwellSeconds)
 * </pre>
 *
 * Likes are interactions of a positive type; seconds are dwell time over all types. A cap times its dwell seconds is at
 * most {@link Integer#MAX_VALUE}, so that sums of seconds which saturate at that number score as if they had not.
 *
 * <p>Each run keeps the profile it ranked by, as JSON with all of these: with one more comes a migration that gives it to
 * the runs before.
 *
 * @param spatialWeight weight of nearness, at least 0
 * @param preferenceWeight weight of the user's own interactions with the venue, at least 0
 * @param popularityWeight weight of everybody's likes, at least 0
 * @param decayPerKm how fast nearness falls, per kilometre, at least 0
 * @param preferencePerLike preference of one like, at least 0
 * @param preferenceDwellSeconds dwell time worth a preference of 1, in seconds, above 0
 * @param preferenceCap largest preference, at least 0
 * @param baseWeight weight of the strength of the friendship, at least 0
 * @param directWeight weight of the friend's preference for the venue, at least 0
 * @param categoryWeight weight of the friend's taste for the venue's category, at least 0
 * @param categoryPerLike category preference of one like, at least 0
 * @param categoryDwellSeconds dwell time worth a category preference of 1, in seconds, above 0
 * @param categoryCap largest category preference, at least 0
 * @param positiveTypes interaction types that count as likes, at least one
 */
public record ScoringProfile(
        double spatialWeight,
        double preferenceWeight,
        double popularityWeight,
        double decayPerKm,
        double preferencePerLike,
        double preferenceDwellSeconds,
        double preferenceCap,
        double baseWeight,
        double directWeight,
        double categoryWeight,
        double categoryPerLike,
        double categoryDwellSeconds,
        double categoryCap,
        Set<InteractionType> positiveTypes) {

    /** Far above any sensible weight, and low enough that no sum of products overflows. */
    private static final double LARGEST = 1e9;

    /** @throws IllegalArgumentException naming the setting, its value and its range */
    public ScoringProfile {
        requireWithin("spatialWeight", spatialWeight, 0);
        requireWithin("preferenceWeight", preferenceWeight, 0);
        requireWithin("popularityWeight", popularityWeight, 0);
        requireWithin("decayPerKm", decayPerKm, 0);
        requireWithin("preferencePerLike", preferencePerLike, 0);
        requireWithin("preferenceDwellSeconds", preferenceDwellSeconds, Double.MIN_NORMAL);
        requireWithin("preferenceCap", preferenceCap, 0);
        requireWithin("baseWeight", baseWeight, 0);
        requireWithin("directWeight", directWeight, 0);
        requireWithin("categoryWeight", categoryWeight, 0);
        requireWithin("categoryPerLike", categoryPerLike, 0);
        requireWithin("categoryDwellSeconds", categoryDwellSeconds, Double.MIN_NORMAL);
        requireWithin("categoryCap", categoryCap, 0);
        requireCapBelowSaturation("preference", preferenceCap, preferenceDwellSeconds);
        requireCapBelowSaturation("category", categoryCap, categoryDwellSeconds);
        if (positiveTypes.isEmpty()) {
            throw new IllegalArgumentException(
                    "positiveTypes is empty; name at least one of " + EnumSet.allOf(InteractionType.class));
        }
        // EnumSet keeps the order of the enum, so that a stored profile always reads the same.
        positiveTypes = Collections.unmodifiableSet(EnumSet.copyOf(positiveTypes));
    }

    /** The default profile: 0.4 near, 0.4 own, 0.2 popular; 0.6 friendship, 0.25 venue, 0.15 category. */
    public static ScoringProfile standard() {
        return new ScoringProfile(
                0.4,
                0.4,
                0.2,
                0.3,
                0.5,
                300,
                1,
                0.6,
                0.25,
                0.15,
                0.3,
                600,
                1,
                EnumSet.of(InteractionType.INTEREST, InteractionType.LIKE));
    }

    private static void requireWithin(String name, double value, double smallest) {
        // Written so that NaN fails too.
        if (!(value >= smallest && value <= LARGEST)) {
            throw new IllegalArgumentException(name + " is " + value + "; expected a number "
                    + (smallest > 0 ? "above 0" : "of at least 0") + " and at most " + LARGEST);
        }
    }

    private static void requireCapBelowSaturation(String which, double cap, double dwellSeconds) {
        if (cap * dwellSeconds > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(which + "Cap * " + which + "DwellSeconds is " + cap * dwellSeconds
                    + " seconds; expected at most " + Integer.MAX_VALUE + "; lower one of them");
        }
    }
}
