package dev.luna.api.reco;

import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * What a venue has of what a {@link VenueFilter} asks for, in 64 bits: its price level (4 bits), the half star at or below
 * its rating (11), and its category (49, shared once there are more categories). The bits tell what a venue may be, the
 * filter what it is.
 */
final class FacetBits {

    private static final int RATINGS_FROM = 4;
    private static final int CATEGORIES_FROM = 15;
    private static final int CATEGORY_BITS = Long.SIZE - CATEGORIES_FROM;
    private static final int MOST_HALF_STARS = 10;

    private FacetBits() {}

    /** The bits of each venue. */
    static long[] of(VenueDetails details) {
        long[] bits = new long[details.size()];
        for (int venue = 0; venue < bits.length; venue++) {
            byte price = details.priceLevel(venue);
            double rating = details.rating(venue);
            int category = details.categoryCode(venue);
            bits[venue] = (price == VenueDetails.NO_PRICE ? 0 : price(price))
                    | (Double.isNaN(rating) ? 0 : rating(halfStars(rating)))
                    | (category < 0 ? 0 : category(category));
        }
        return bits;
    }

    /** One entry for each part of the filter that bits are about: whoever passes the part has at least one bit of it. */
    static long[] wantedBy(VenueFilter filter, VenueDetails details) {
        LongStream.Builder wanted = LongStream.builder();
        Integer maxPriceLevel = filter.maxPriceLevel();
        if (maxPriceLevel != null) {
            wanted.add(union(IntStream.rangeClosed(1, maxPriceLevel).mapToLong(FacetBits::price)));
        }
        Double minRating = filter.minRating();
        if (minRating != null) {
            wanted.add(union(
                    IntStream.rangeClosed(halfStars(minRating), MOST_HALF_STARS).mapToLong(FacetBits::rating)));
        }
        if (!filter.categories().isEmpty()) {
            wanted.add(union(details.categoryCodes(filter.categories()).mapToLong(FacetBits::category)));
        }
        return wanted.build().toArray();
    }

    private static long price(int level) {
        return 1L << (level - 1);
    }

    private static long rating(int halfStars) {
        return 1L << (RATINGS_FROM + halfStars);
    }

    private static long category(int code) {
        return 1L << (CATEGORIES_FROM + code % CATEGORY_BITS);
    }

    /** Grows with the rating: doubling is exact. */
    private static int halfStars(double rating) {
        return (int) (2 * rating);
    }

    private static long union(LongStream bits) {
        return bits.reduce(0, (all, one) -> all | one);
    }
}
