package dev.luna.api.venues;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which venues a list has.
 *
 * @param categories any of these; empty means all
 * @param maxPriceLevel venues without a price do not pass
 * @param minRating venues without a rating do not pass
 * @param near makes the list ordered by distance
 * @param radiusKm only together with near
 * @param afterId only venues behind this one in the list's order
 * @param afterDistanceKm that venue's distance, together with near
 */
record VenueQuery(
        List<String> categories,
        @Nullable Integer maxPriceLevel,
        @Nullable Double minRating,
        @Nullable GeoPoint near,
        @Nullable Double radiusKm,
        @Nullable UUID afterId,
        @Nullable Double afterDistanceKm,
        int limit) {}
