package dev.luna.api.reco;

import dev.luna.batch.scoring.VenueCatalog;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What readers see of venues and filter by; position = venueIndex of the current venues. Immutable and thread-safe. */
final class VenueDetails {

    /** More than any price level: what a venue without one has. */
    static final byte NO_PRICE = Byte.MAX_VALUE;

    private final String[] names;
    private final int[] categoryCodes;
    private final byte[] priceLevels;
    private final double[] ratings;
    private final Map<String, Integer> codeByCategory;
    private final String[] categoryByCode;

    /**
     * @param categoryCodes dense codes from 0, or {@link VenueCatalog#NO_CATEGORY}
     * @param priceLevels 1 to 4, or {@link #NO_PRICE}
     * @param ratings 0 to 5, or NaN
     */
    VenueDetails(
            String[] names,
            int[] categoryCodes,
            byte[] priceLevels,
            double[] ratings,
            Map<String, Integer> codeByCategory) {
        this.names = names;
        this.categoryCodes = categoryCodes;
        this.priceLevels = priceLevels;
        this.ratings = ratings;
        this.codeByCategory = Map.copyOf(codeByCategory);
        categoryByCode = new String[codeByCategory.size()];
        codeByCategory.forEach((category, code) -> categoryByCode[code] = category);
    }

    /** Number of venues. */
    int size() {
        return names.length;
    }

    String name(int venue) {
        return names[venue];
    }

    @Nullable
    String category(int venue) {
        int code = categoryCodes[venue];
        return code == VenueCatalog.NO_CATEGORY ? null : categoryByCode[code];
    }

    int categoryCode(int venue) {
        return categoryCodes[venue];
    }

    byte priceLevel(int venue) {
        return priceLevels[venue];
    }

    double rating(int venue) {
        return ratings[venue];
    }

    /** Which categories are among the given ones; position = category code + 1, so entry 0 is: no category. */
    boolean[] withCategories(Collection<String> wanted) {
        boolean[] isWanted = new boolean[codeByCategory.size() + 1];
        categoryCodes(wanted).forEach(code -> isWanted[code + 1] = true);
        return isWanted;
    }

    /** The codes of those of the categories that some venue has. */
    IntStream categoryCodes(Collection<String> wanted) {
        return wanted.stream().map(codeByCategory::get).filter(Objects::nonNull).mapToInt(Integer::intValue);
    }
}
