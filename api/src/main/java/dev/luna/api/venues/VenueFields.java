package dev.luna.api.venues;

import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import org.hibernate.validator.constraints.CodePointLength;
import org.jspecify.annotations.Nullable;

/** What a client says about a place. */
record VenueFields(
        @Schema(example = "Café Morgenrot", minLength = 1, maxLength = 200)
        @NotBlank
        @CodePointLength(min = 1, max = 200)
        String name,

        @Schema(example = "Breakfast until late", minLength = 1, maxLength = 4000)
        @CodePointLength(min = 1, max = 4000)
        @Nullable
        String description,

        @Schema(example = "cafe", minLength = 1, maxLength = 100) @CodePointLength(min = 1, max = 100) @Nullable
        String category,

        @Schema(example = "52.5401", description = "decimal degrees")
        @NotNull
        @DecimalMin("-90")
        @DecimalMax("90")
        @Nullable
        Double lat,

        @Schema(example = "13.4107", description = "decimal degrees")
        @NotNull
        @DecimalMin("-180")
        @DecimalMax("180")
        @Nullable
        Double lng,

        @Schema(example = "2", description = "1 (cheap) to 4") @Min(1) @Max(4) @Nullable
        Integer priceLevel,

        @Schema(example = "4.5", description = "0 to 5") @DecimalMin("0") @DecimalMax("5") @Nullable
        Double rating) {}
