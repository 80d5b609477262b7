package dev.luna.batch.sample;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Sorts of people by what they go out for. A person's taste is one of these with chance added. */
enum Persona {
    FOODIE(
            VenueKind.ITALIAN,
            VenueKind.ASIAN,
            VenueKind.SEAFOOD,
            VenueKind.FINE_DINING,
            VenueKind.MARKET,
            VenueKind.BAKERY),
    NIGHT_OWL(VenueKind.BAR, VenueKind.CLUB, VenueKind.LIVE_MUSIC, VenueKind.PUB, VenueKind.STREET_FOOD),
    ATHLETE(VenueKind.CLIMBING, VenueKind.FITNESS, VenueKind.POOL, VenueKind.PARK, VenueKind.VEGETARIAN),
    CULTURED(VenueKind.MUSEUM, VenueKind.GALLERY, VenueKind.CINEMA, VenueKind.BOOKSHOP, VenueKind.CAFE),
    HOMELY(VenueKind.PARK, VenueKind.BAKERY, VenueKind.CAFE, VenueKind.ITALIAN, VenueKind.POOL, VenueKind.MARKET),
    STUDENT(
            VenueKind.CAFE,
            VenueKind.STREET_FOOD,
            VenueKind.PUB,
            VenueKind.CINEMA,
            VenueKind.BOOKSHOP,
            VenueKind.CLIMBING),
    MINDFUL(VenueKind.YOGA, VenueKind.VEGETARIAN, VenueKind.PARK, VenueKind.BOOKSHOP, VenueKind.GALLERY);

    private static final List<Persona> ALL = List.of(values());

    private final Set<VenueKind> favourites;

    Persona(VenueKind... favourites) {
        this.favourites = EnumSet.copyOf(Arrays.asList(favourites));
    }

    static Persona any(Dice dice) {
        return dice.pick(ALL);
    }

    /** How much somebody of this sort cares for each kind of venue, above 0 for all of them. */
    double[] taste(Dice dice) {
        double[] taste = new double[VenueKind.values().length];
        for (VenueKind kind : VenueKind.values()) {
            double affinity = favourites.contains(kind) ? 1 : 0.07;
            taste[kind.ordinal()] = affinity * (0.4 + 1.2 * dice.fraction());
        }
        return taste;
    }
}
