package dev.luna.batch.run;

import dev.luna.batch.scoring.InteractionType;
import dev.luna.batch.scoring.ScoringProfile;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Settings {@code luna.scoring.*}: the scoring profile of runs that start now. What is not set is as in {@link
 * ScoringProfile#standard()}; meanings, units and ranges stand at {@link ScoringProfile}, which also checks them.
 */
@ConfigurationProperties(value = "luna.scoring", ignoreUnknownFields = false)
public record ScoringSettings(
        @Nullable Double spatialWeight,
        @Nullable Double preferenceWeight,
        @Nullable Double popularityWeight,
        @Nullable Double decayPerKm,
        @Nullable Double preferencePerLike,
        @Nullable Double preferenceDwellSeconds,
        @Nullable Double preferenceCap,
        @Nullable Double baseWeight,
        @Nullable Double directWeight,
        @Nullable Double categoryWeight,
        @Nullable Double categoryPerLike,
        @Nullable Double categoryDwellSeconds,
        @Nullable Double categoryCap,
        @Nullable Set<InteractionType> positiveTypes) {

    /**
     * The profile these settings give.
     *
     * @throws IllegalArgumentException naming the setting that is out of range
     */
    public ScoringProfile profile() {
        try {
            return over(ScoringProfile.standard());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("luna.scoring." + e.getMessage(), e);
        }
    }

    /**
     * A profile with these settings in place of its own.
     *
     * @throws IllegalArgumentException naming the setting that is out of range
     */
    public ScoringProfile over(ScoringProfile standard) {
        // A comma too many names none.
        if (positiveTypes != null && positiveTypes.stream().anyMatch(Objects::isNull)) {
            throw new IllegalArgumentException("positiveTypes is a list with an empty place; expected some of "
                    + EnumSet.allOf(InteractionType.class) + " with a comma between them");
        }
        return new ScoringProfile(
                or(spatialWeight, standard.spatialWeight()),
                or(preferenceWeight, standard.preferenceWeight()),
                or(popularityWeight, standard.popularityWeight()),
                or(decayPerKm, standard.decayPerKm()),
                or(preferencePerLike, standard.preferencePerLike()),
                or(preferenceDwellSeconds, standard.preferenceDwellSeconds()),
                or(preferenceCap, standard.preferenceCap()),
                or(baseWeight, standard.baseWeight()),
                or(directWeight, standard.directWeight()),
                or(categoryWeight, standard.categoryWeight()),
                or(categoryPerLike, standard.categoryPerLike()),
                or(categoryDwellSeconds, standard.categoryDwellSeconds()),
                or(categoryCap, standard.categoryCap()),
                positiveTypes == null ? standard.positiveTypes() : positiveTypes);
    }

    private static double or(@Nullable Double set, double standard) {
        return set == null ? standard : set;
    }
}
