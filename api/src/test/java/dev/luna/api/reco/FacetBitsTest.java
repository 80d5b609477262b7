package dev.luna.api.reco;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The bits never deny what the filter grants. */
class FacetBitsTest {

    private record Facts(
            @Nullable String category,
            @Nullable Integer priceLevel,
            @Nullable Double rating) {}

    @Test
    void whoeverPassesAFilterHasABitOfEachOfItsParts() {
        Random random = new Random(7);
        List<Facts> venues = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            venues.add(new Facts(
                    // More categories than bits.
                    random.nextInt(8) == 0 ? null : "c" + random.nextInt(120),
                    random.nextInt(3) == 0 ? null : 1 + random.nextInt(4),
                    random.nextInt(3) == 0 ? null : rating(random)));
        }
        VenueDetails details = details(venues);
        long[] bits = FacetBits.of(details);
        int passed = 0;
        int ruledOut = 0;
        for (int question = 0; question < 500; question++) {
            List<String> categories = random.nextBoolean() ? null : List.of("c" + random.nextInt(130), "c3");
            Integer price = random.nextBoolean() ? null : Integer.valueOf(1 + random.nextInt(4));
            Double rating = random.nextBoolean() ? null : Double.valueOf(rating(random));
            long[] wanted = FacetBits.wantedBy(VenueFilter.of(categories, price, rating, null, null, null), details);
            for (int venue = 0; venue < venues.size(); venue++) {
                Facts facts = venues.get(venue);
                boolean passes = (categories == null || categories.contains(String.valueOf(facts.category())))
                        && (price == null || facts.priceLevel() != null && facts.priceLevel() <= price)
                        && (rating == null || facts.rating() != null && facts.rating() >= rating);
                boolean mayPass = true;
                for (long any : wanted) {
                    mayPass &= (bits[venue] & any) != 0;
                }
                assertThat(mayPass || !passes)
                        .as("%s, price %s, rating %s: %s", List.of(wanted), price, rating, facts)
                        .isTrue();
                passed += passes ? 1 : 0;
                ruledOut += mayPass ? 0 : 1;
            }
        }
        assertThat(passed).isGreaterThan(10_000);
        assertThat(ruledOut).isGreaterThan(100_000);
    }

    @Test
    void aCategoryThatNoVenueHasRulesOutAll() {
        VenueDetails details = details(List.of(new Facts("bar", 1, 4.5), new Facts(null, null, null)));
        long[] wanted = FacetBits.wantedBy(VenueFilter.of(List.of("zoo"), null, null, null, null, List.of()), details);
        assertThat(wanted).containsExactly(0);
    }

    /** Whole, half and tenth stars, and what lies just below. */
    private static double rating(Random random) {
        double rating = random.nextInt(51) / 10.0;
        return random.nextInt(4) == 0 ? Math.max(0, Math.nextDown(rating)) : rating;
    }

    private static VenueDetails details(List<Facts> venues) {
        VenueColumns columns = new VenueColumns();
        for (int i = 0; i < venues.size(); i++) {
            Facts venue = venues.get(i);
            columns.add(new VenueColumns.Venue(
                    new UUID(0, i), "v" + i, venue.category(), 0, 0, 0, venue.priceLevel(), venue.rating()));
        }
        return columns.details();
    }
}
