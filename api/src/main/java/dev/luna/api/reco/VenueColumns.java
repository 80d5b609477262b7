package dev.luna.api.reco;

import dev.luna.batch.scoring.VenueCatalog;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Collects venues row by row, in id order, into the arrays of a {@link VenueCatalog}. Not thread-safe. */
final class VenueColumns {

    /** A venue as the table has it, as far as rankings need it. */
    record Venue(
            UUID id,
            String name,
            @Nullable String category,
            double latDegrees,
            double lngDegrees,
            @Nullable Integer priceLevel,
            @Nullable Double rating) {

        static Venue of(ResultSet row) throws SQLException {
            return new Venue(
                    row.getObject("id", UUID.class),
                    row.getString("name"),
                    row.getString("category"),
                    row.getDouble("lat"),
                    row.getDouble("lng"),
                    row.getObject("price_level", Integer.class),
                    row.getObject("rating", Double.class));
        }
    }

    private int size;
    private long[] idHigh = new long[1024];
    private long[] idLow = new long[1024];
    private double[] lat = new double[1024];
    private double[] lng = new double[1024];
    private int[] categoryCode = new int[1024];
    private int[] likes = new int[1024];
    private String[] names = new String[1024];
    private @Nullable String[] categories = new String[1024];
    private byte[] priceLevel = new byte[1024];
    private double[] rating = new double[1024];
    private final Map<String, Integer> codes = new HashMap<>();
    private final Map<String, String> categoryTexts = new HashMap<>();

    /** Adds the next venue. */
    void add(Venue venue, int likeCount) {
        add(
                venue.id(),
                venue.name(),
                venue.category(),
                venue.latDegrees(),
                venue.lngDegrees(),
                likeCount,
                venue.priceLevel(),
                venue.rating());
    }

    /** Adds the next venue as another index has it. */
    void add(VenueIndex other, int venue) {
        VenueCatalog catalog = other.current();
        VenueDetails details = other.details();
        byte price = details.priceLevel(venue);
        double stars = details.rating(venue);
        add(
                catalog.id(venue),
                details.name(venue),
                details.category(venue),
                catalog.latDegrees(venue),
                catalog.lngDegrees(venue),
                catalog.likes(venue),
                price == VenueDetails.NO_PRICE ? null : Integer.valueOf(price),
                Double.isNaN(stars) ? null : Double.valueOf(stars));
    }

    /** Adds the next venue; a category's text is kept once, however many venues have it. */
    void add(
            UUID id,
            String name,
            @Nullable String category,
            double latDegrees,
            double lngDegrees,
            int likeCount,
            @Nullable Integer priceLevelOrNull,
            @Nullable Double ratingOrNull) {
        if (size == idHigh.length) {
            grow();
        }
        idHigh[size] = id.getMostSignificantBits();
        idLow[size] = id.getLeastSignificantBits();
        lat[size] = latDegrees;
        lng[size] = lngDegrees;
        likes[size] = likeCount;
        names[size] = name;
        priceLevel[size] = priceLevelOrNull == null ? VenueDetails.NO_PRICE : priceLevelOrNull.byteValue();
        rating[size] = ratingOrNull == null ? Double.NaN : ratingOrNull;
        if (category == null) {
            categoryCode[size] = VenueCatalog.NO_CATEGORY;
        } else {
            categories[size] = categoryTexts.computeIfAbsent(category, text -> text);
            categoryCode[size] = codes.computeIfAbsent(category, text -> codes.size());
        }
        size++;
    }

    int size() {
        return size;
    }

    /** The catalog; the columns must not be used for another one. */
    VenueCatalog catalog() {
        return catalog(Arrays.stream(likes, 0, size).max().orElse(0));
    }

    /** The catalog with the given denominator of popularity. */
    VenueCatalog catalog(int maxLikes) {
        return VenueCatalog.of(
                Arrays.copyOf(idHigh, size),
                Arrays.copyOf(idLow, size),
                Arrays.copyOf(lat, size),
                Arrays.copyOf(lng, size),
                Arrays.copyOf(categoryCode, size),
                Arrays.copyOf(likes, size),
                maxLikes);
    }

    VenueDetails details() {
        return new VenueDetails(
                Arrays.copyOf(names, size),
                Arrays.copyOf(categories, size),
                Arrays.copyOf(categoryCode, size),
                Arrays.copyOf(priceLevel, size),
                Arrays.copyOf(rating, size),
                codes);
    }

    Map<String, Integer> codeByCategory() {
        return Map.copyOf(codes);
    }

    private void grow() {
        int capacity = size + (size >> 1);
        idHigh = Arrays.copyOf(idHigh, capacity);
        idLow = Arrays.copyOf(idLow, capacity);
        lat = Arrays.copyOf(lat, capacity);
        lng = Arrays.copyOf(lng, capacity);
        categoryCode = Arrays.copyOf(categoryCode, capacity);
        likes = Arrays.copyOf(likes, capacity);
        names = Arrays.copyOf(names, capacity);
        categories = Arrays.copyOf(categories, capacity);
        priceLevel = Arrays.copyOf(priceLevel, capacity);
        rating = Arrays.copyOf(rating, capacity);
    }
}
