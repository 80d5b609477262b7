package dev.luna.api.reco;

import dev.luna.batch.scoring.UuidArray;
import dev.luna.batch.scoring.VenueCatalog;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** Collects venues, in id order, for the arrays of a {@link VenueCatalog} and {@link VenueDetails}. Not thread-safe. */
final class VenueColumns {

    /** A venue, as far as rankings need it. */
    record Venue(
            UUID id,
            String name,
            @Nullable String category,
            double latDegrees,
            double lngDegrees,
            int likes,
            @Nullable Integer priceLevel,
            @Nullable Double rating) {

        /** As the table has it. */
        static Venue of(ResultSet row, ToIntFunction<UUID> likes) throws SQLException {
            UUID id = row.getObject("id", UUID.class);
            return new Venue(
                    id,
                    row.getString("name"),
                    row.getString("category"),
                    row.getDouble("lat"),
                    row.getDouble("lng"),
                    likes.applyAsInt(id),
                    row.getObject("price_level", Integer.class),
                    row.getObject("rating", Double.class));
        }

        /** As an index has it. */
        static Venue of(VenueIndex index, int venue) {
            VenueCatalog catalog = index.current();
            VenueDetails details = index.details();
            byte price = details.priceLevel(venue);
            double stars = details.rating(venue);
            return new Venue(
                    catalog.id(venue),
                    details.name(venue),
                    details.category(venue),
                    catalog.latDegrees(venue),
                    catalog.lngDegrees(venue),
                    catalog.likes(venue),
                    price == VenueDetails.NO_PRICE ? null : Integer.valueOf(price),
                    Double.isNaN(stars) ? null : Double.valueOf(stars));
        }
    }

    private final List<Venue> venues = new ArrayList<>();
    private final Map<String, Integer> codeByCategory = new HashMap<>();

    void add(Venue venue) {
        venues.add(venue);
        if (venue.category() != null) {
            codeByCategory.putIfAbsent(venue.category(), codeByCategory.size());
        }
    }

    int size() {
        return venues.size();
    }

    VenueCatalog catalog() {
        return catalog(venues.stream().mapToInt(Venue::likes).max().orElse(0));
    }

    /** The catalog with the given denominator of popularity. */
    VenueCatalog catalog(int maxLikes) {
        int size = venues.size();
        double[] lat = new double[size];
        double[] lng = new double[size];
        int[] likes = new int[size];
        for (int v = 0; v < size; v++) {
            Venue venue = venues.get(v);
            lat[v] = venue.latDegrees();
            lng[v] = venue.lngDegrees();
            likes[v] = venue.likes();
        }
        UuidArray ids = UuidArray.of(venues.stream().map(Venue::id).toList());
        return VenueCatalog.of(ids, lat, lng, categoryCodes(), likes, maxLikes);
    }

    VenueDetails details() {
        int size = venues.size();
        String[] names = new String[size];
        byte[] priceLevels = new byte[size];
        double[] ratings = new double[size];
        for (int v = 0; v < size; v++) {
            Venue venue = venues.get(v);
            names[v] = venue.name();
            priceLevels[v] = venue.priceLevel() == null
                    ? VenueDetails.NO_PRICE
                    : venue.priceLevel().byteValue();
            ratings[v] = venue.rating() == null ? Double.NaN : venue.rating();
        }
        return new VenueDetails(names, categoryCodes(), priceLevels, ratings, codeByCategory);
    }

    Map<String, Integer> codeByCategory() {
        return Map.copyOf(codeByCategory);
    }

    private int[] categoryCodes() {
        return venues.stream()
                .mapToInt(venue -> codeByCategory.getOrDefault(venue.category(), VenueCatalog.NO_CATEGORY))
                .toArray();
    }
}
