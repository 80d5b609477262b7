package dev.luna.batch.sample;

import java.util.List;

/** Where people live and venues are. */
enum Neighbourhood {
    OLD_TOWN("Old Town", 0, 0, 0.5, 9, 18),
    HARBOUR("Harbour", -1.6, -0.4, 0.6, 6, 12),
    STATION("Station Quarter", 0.9, -1.1, 0.4, 9, 9),
    UNIVERSITY("University", 1.4, 0.9, 0.6, 12, 12),
    MILL_QUARTER("Mill Quarter", -0.3, 1.7, 0.6, 11, 11),
    RIVERSIDE("Riverside", 0.4, 2.9, 0.7, 10, 7),
    PARKSIDE("Parkside", 2.6, -0.3, 0.7, 11, 7),
    HILLCREST("Hillcrest", 3.4, 2.1, 0.9, 8, 5),
    GARDEN_CITY("Garden City", 2.2, 4.3, 1.0, 9, 5),
    NORTH_GATE("North Gate", 4.6, -0.9, 0.8, 7, 4),
    LIGHTHOUSE_POINT("Lighthouse Point", -2.4, 2.2, 0.5, 3, 5),
    WEST_FIELDS("West Fields", 1.8, -3.6, 0.9, 5, 5);

    private static final List<Neighbourhood> ALL = List.of(values());

    private final String title;
    private final double northKm;
    private final double eastKm;
    private final double spreadKm;
    private final int people;
    private final int venues;

    /**
     * @param northKm centre, north of the city's
     * @param eastKm centre, east of the city's
     * @param spreadKm standard deviation of addresses around the centre
     * @param people share of the city's people
     * @param venues share of the city's venues
     */
    Neighbourhood(String title, double northKm, double eastKm, double spreadKm, int people, int venues) {
        this.title = title;
        this.northKm = northKm;
        this.eastKm = eastKm;
        this.spreadKm = spreadKm;
        this.people = people;
        this.venues = venues;
    }

    String title() {
        return title;
    }

    static Neighbourhood ofResident(Dice dice) {
        return ALL.get(dice.pickWeighted(ALL.stream().mapToDouble(n -> n.people).toArray()));
    }

    static Neighbourhood ofVenue(Dice dice) {
        return ALL.get(dice.pickWeighted(ALL.stream().mapToDouble(n -> n.venues).toArray()));
    }

    Place address(Dice dice) {
        return Place.of(dice.normal(northKm, spreadKm), dice.normal(eastKm, spreadKm));
    }
}
