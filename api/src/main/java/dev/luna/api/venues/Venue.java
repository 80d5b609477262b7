package dev.luna.api.venues;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A place as stored, with its distance when the question was what is near. */
record Venue(
        @Schema(example = "0b7c1a52-6f0e-4d5c-8b39-5a4f2f7f1f11")
        UUID id,

        @Schema(example = "Café Morgenrot") String name,
        @Schema(example = "Breakfast until late") @Nullable String description,
        @Schema(example = "cafe") @Nullable String category,
        @Schema(example = "52.5401") double lat,
        @Schema(example = "13.4107") double lng,
        @Schema(example = "2") @Nullable Integer priceLevel,
        @Schema(example = "4.5") @Nullable Double rating,
        Instant createdAt,

        @Schema(example = "0.734", description = "kilometres from near; only in answers to near")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable
        Double distanceKm) {

    VenueFields fields() {
        return new VenueFields(name, description, category, lat, lng, priceLevel, rating);
    }
}
