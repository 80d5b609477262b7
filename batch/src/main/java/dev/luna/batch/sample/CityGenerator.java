package dev.luna.batch.sample;

import dev.luna.batch.sample.City.Edge;
import dev.luna.batch.sample.City.Interaction;
import dev.luna.batch.sample.City.Participant;
import dev.luna.batch.sample.City.Person;
import dev.luna.batch.sample.City.Plan;
import dev.luna.batch.sample.City.Venue;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Makes a city from a seed: equal seeds and sizes give equal cities. People go where it is near and to their taste, and
 * befriend those who live near and like alike. Takes time in the square of the people, about 1 s for 2,000.
 */
final class CityGenerator {

    private static final Instant FOUNDED = Instant.parse("2025-09-01T06:00:00Z");
    private static final Duration OBSERVED = Duration.ofDays(120);

    /** Of the nearness of a venue, per kilometre. */
    private static final double VENUE_DECAY = 0.7;

    /** Of the nearness of a friend, per kilometre. */
    private static final double FRIEND_DECAY = 0.9;

    private static final double WITHOUT_HOME = 0.03;
    private static final int MOST_FRIENDS_FOUND = 9;

    private final Dice dice;
    private final ProperNames names = new ProperNames();
    private final List<Person> people = new ArrayList<>();
    private final List<Venue> venues = new ArrayList<>();
    private final List<Interaction> interactions = new ArrayList<>();
    private final List<Edge> edges = new ArrayList<>();
    private final List<Plan> plans = new ArrayList<>();

    /** Where people really live, also those whose home the database does not know. */
    private final List<Place> addresses = new ArrayList<>();

    private final List<double[]> tastes = new ArrayList<>();
    private final List<BitSet> visited = new ArrayList<>();
    private final List<List<Integer>> friends = new ArrayList<>();

    private CityGenerator(long seed) {
        this.dice = new Dice(seed);
    }

    static City generate(long seed, int people, int venues, int plans) {
        CityGenerator generator = new CityGenerator(seed);
        generator.makeVenues(venues);
        generator.makePeople(people);
        for (int person = 0; person < people; person++) {
            generator.goOut(person);
        }
        generator.befriend();
        generator.makePlans(plans);
        return new City(generator.people, generator.venues, generator.interactions, generator.edges, generator.plans);
    }

    private void makeVenues(int count) {
        for (int i = 0; i < count; i++) {
            VenueKind kind = VenueKind.any(dice);
            Neighbourhood neighbourhood = Neighbourhood.ofVenue(dice);
            double rating = Math.max(2.4, Math.min(5, dice.normal(4.1, 0.45)));
            venues.add(new Venue(
                    dice.uuid(),
                    names.venue(kind, neighbourhood, dice),
                    kind.describe(neighbourhood),
                    kind,
                    neighbourhood.address(dice),
                    kind.price(dice),
                    StrictMath.rint(rating * 10) / 10,
                    FOUNDED));
        }
    }

    private void makePeople(int count) {
        for (int i = 0; i < count; i++) {
            String name = names.person(dice);
            int age = (int) Math.max(18, Math.min(79, dice.normal(34, 11)));
            Place address = Neighbourhood.ofResident(dice).address(dice);
            addresses.add(address);
            tastes.add(Persona.any(dice).taste(dice));
            visited.add(new BitSet());
            friends.add(new ArrayList<>());
            Place home = dice.chance(WITHOUT_HOME) ? null : address;
            people.add(new Person(dice.uuid(), names.handle(name), name, age, home, FOUNDED));
        }
    }

    /** A few newcomers go nowhere, some people everywhere. */
    private void goOut(int person) {
        int outings = dice.chance(0.02) ? 0 : 5 + (int) (30 * StrictMath.pow(dice.fraction(), 2.2));
        double[] attraction = new double[venues.size()];
        for (int venue = 0; venue < attraction.length; venue++) {
            attraction[venue] = attraction(person, venue);
        }
        for (int i = 0; i < Math.min(outings, venues.size()); i++) {
            int venue = dice.pickWeighted(attraction);
            attraction[venue] = 0;
            visited.get(person).set(venue);
            visit(person, venue, taste(person, venue));
        }
    }

    private double attraction(int person, int venue) {
        Venue there = venues.get(venue);
        double nearness = StrictMath.exp(-VENUE_DECAY * addresses.get(person).distanceKm(there.place()));
        double quality = StrictMath.pow(there.rating() - 2, 2) / 4;
        return nearness * taste(person, venue) * quality;
    }

    private double taste(int person, int venue) {
        return tastes.get(person)[venues.get(venue).kind().ordinal()];
    }

    /** Who looks longer and more often at what is to his taste says so more often, too. */
    private void visit(int person, int venue, double taste) {
        double liking = Math.min(1, taste);
        int views = 1 + (int) (3 * liking * dice.fraction());
        for (int i = 0; i < views; i++) {
            int seconds = dice.between(10, 40) + (int) (120 * liking * dice.fraction());
            interactions.add(new Interaction(dice.uuid(), person, venue, "view", seconds, moment()));
        }
        if (dice.chance(0.45 * liking)) {
            interactions.add(new Interaction(dice.uuid(), person, venue, "interest", null, moment()));
        }
        if (dice.chance(0.35 * liking)) {
            interactions.add(new Interaction(dice.uuid(), person, venue, "like", null, moment()));
        }
    }

    private void befriend() {
        Set<Long> known = new HashSet<>();
        for (int person = 0; person < people.size(); person++) {
            double[] closeness = new double[people.size()];
            for (int other = 0; other < closeness.length; other++) {
                closeness[other] = other == person ? 0 : closeness(person, other);
            }
            int found = dice.chance(0.03) ? 0 : dice.between(1, MOST_FRIENDS_FOUND);
            for (int i = 0; i < Math.min(found, people.size() - 1); i++) {
                int other = dice.pickWeighted(closeness);
                closeness[other] = 0;
                if (known.add(pair(person, other))) {
                    known.add(pair(other, person));
                    double strength = strength(person, other);
                    connect(person, other, dice.chance(0.85) ? "friend" : "mutual", strength);
                }
            }
        }
        suggest(known);
    }

    /** Friends of friends, one direction, weakly. */
    private void suggest(Set<Long> known) {
        for (int person = 0; person < people.size(); person++) {
            if (friends.get(person).isEmpty() || !dice.chance(0.3)) {
                continue;
            }
            int other = dice.pick(friends.get(dice.pick(friends.get(person))));
            if (other != person && known.add(pair(person, other))) {
                edges.add(new Edge(dice.uuid(), person, other, "suggested", 0.1, moment()));
            }
        }
    }

    private void connect(int person, int other, String type, double strength) {
        Instant since = moment();
        edges.add(new Edge(dice.uuid(), person, other, type, strength, since));
        edges.add(new Edge(dice.uuid(), other, person, type, strength, since));
        friends.get(person).add(other);
        friends.get(other).add(person);
    }

    private double closeness(int person, int other) {
        double likeness = likeness(tastes.get(person), tastes.get(other));
        double km = addresses.get(person).distanceKm(addresses.get(other));
        return StrictMath.exp(-FRIEND_DECAY * km) * StrictMath.pow(likeness, 4);
    }

    /** Cosine of two tastes. */
    private static double likeness(double[] a, double[] b) {
        double product = 0;
        double squaresA = 0;
        double squaresB = 0;
        for (int i = 0; i < a.length; i++) {
            product += a[i] * b[i];
            squaresA += a[i] * a[i];
            squaresB += b[i] * b[i];
        }
        return product / StrictMath.sqrt(squaresA * squaresB);
    }

    /** From 0.3 to 0.95 with the overlap (Jaccard) of the places both went to. */
    private double strength(int person, int other) {
        BitSet both = (BitSet) visited.get(person).clone();
        both.and(visited.get(other));
        BitSet either = (BitSet) visited.get(person).clone();
        either.or(visited.get(other));
        double overlap = either.isEmpty() ? 0 : (double) both.cardinality() / either.cardinality();
        return StrictMath.rint(100 * (0.3 + 0.65 * Math.min(1, 2 * StrictMath.sqrt(overlap)))) / 100;
    }

    private void makePlans(int count) {
        while (plans.size() < count) {
            int organizer = dice.between(0, people.size() - 1);
            if (friends.get(organizer).size() < 2 || visited.get(organizer).isEmpty()) {
                continue;
            }
            int venue = visited.get(organizer).stream().boxed().toList().get(0);
            String status = plans.size() % 3 == 0 ? "confirmed" : plans.size() % 7 == 1 ? "cancelled" : "pending";
            List<Participant> participants = new ArrayList<>();
            for (int friend : friends.get(organizer).subList(0, 2)) {
                String answer =
                        status.equals("confirmed") ? "accepted" : dice.pick(List.of("invited", "accepted", "declined"));
                participants.add(new Participant(dice.uuid(), friend, answer));
            }
            Instant start = FOUNDED.plus(OBSERVED).plus(Duration.ofHours(12L + 24L * dice.between(0, 20)));
            plans.add(new Plan(dice.uuid(), organizer, venue, start, status, participants, FOUNDED.plus(OBSERVED)));
        }
    }

    private Instant moment() {
        return FOUNDED.plusSeconds((long) (dice.fraction() * OBSERVED.toSeconds()));
    }

    private static long pair(int person, int other) {
        return (long) person << 32 | other;
    }
}
