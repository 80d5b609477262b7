package dev.luna.api.users;

import dev.luna.api.web.InvalidField;
import dev.luna.api.web.ProblemException;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import java.util.List;
import org.hibernate.validator.constraints.CodePointLength;
import org.jspecify.annotations.Nullable;

/** What a client says about a person. */
record UserFields(
        @Schema(example = "ada", description = "unique among all users", minLength = 1, maxLength = 64)
        @NotBlank
        @CodePointLength(min = 1, max = 64)
        String handle,

        @Schema(example = "Ada Lovelace", minLength = 1, maxLength = 200) @NotBlank @CodePointLength(min = 1, max = 200)
        String name,

        @Schema(example = "36") @Min(0) @Max(150) @Nullable Integer age,

        @Schema(example = "52.5200", description = "decimal degrees; together with home_lng or not at all")
        @DecimalMin("-90")
        @DecimalMax("90")
        @Nullable
        Double homeLat,

        @Schema(example = "13.4050", description = "decimal degrees; together with home_lat or not at all")
        @DecimalMin("-180")
        @DecimalMax("180")
        @Nullable
        Double homeLng) {

    /** Refuses half a home with 422. */
    UserFields requireWholeHome() {
        if ((homeLat == null) != (homeLng == null)) {
            String missing = homeLat == null ? "home_lat" : "home_lng";
            throw ProblemException.invalidBody(List.of(new InvalidField(
                    missing, "is missing: home_lat and home_lng are given together or not at all", null)));
        }
        return this;
    }
}
