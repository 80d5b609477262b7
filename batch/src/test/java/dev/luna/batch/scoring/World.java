package dev.luna.batch.scoring;

import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntPredicate;

/** Venues, homes, interactions and friends of a made-up place, drawn from a seed. Rows are userIndex. */
record World(
        VenueCatalog catalog, double[] homeLat, double[] homeLng, InteractionMatrix interactions, SocialGraph graph) {

    /** What a test says, and nothing that is known of many venues at once. */
    static VenueSelection only(VenueRanker ranker, IntPredicate qualifies) {
        long[] none = new long[ranker.catalog().size()];
        return VenueSelection.of(qualifies, VenueFacets.of(ranker, none), new long[0], List.of());
    }

    /** Draws one place. */
    @FunctionalInterface
    interface Place {
        double[] draw(Random random);
    }

    /** Draws the likes of a venue from its rank among n. */
    @FunctionalInterface
    interface Likes {
        int draw(Random random, int rank, int n);
    }

    static final double[] NO_HOME = {Double.NaN, Double.NaN};

    static Place at(double lat, double lng) {
        return random -> new double[] {lat, lng};
    }

    /** Around (lat, lng), some kilometres away; around a pole in all directions. */
    static Place near(double lat, double lng, double km) {
        boolean isPole = Math.abs(lat) == 90;
        return random -> {
            double north = random.nextGaussian() * km / 111;
            if (isPole) {
                return new double[] {Math.copySign(90 - Math.abs(north), lat), wrapped(random.nextDouble() * 360)};
            }
            double east = random.nextGaussian() * km / (111 * Math.max(0.01, Math.cos(Math.toRadians(lat))));
            return new double[] {Math.max(-90, Math.min(90, lat + north)), wrapped(lng + east)};
        };
    }

    /** One of several places, each as likely. */
    static Place oneOf(Place... places) {
        return random -> places[random.nextInt(places.length)].draw(random);
    }

    static Place anywhere() {
        return random ->
                new double[] {Math.toDegrees(Math.asin(2 * random.nextDouble() - 1)), wrapped(random.nextDouble() * 360)
                };
    }

    static Place homeless() {
        return random -> NO_HOME;
    }

    static Likes zipf() {
        return (random, rank, n) -> 1000 / (1 + rank);
    }

    static Likes equal(int likes) {
        return (random, rank, n) -> likes;
    }

    static Likes few() {
        return (random, rank, n) -> random.nextInt(4);
    }

    static World of(
            long seed, int venues, Place venuePlace, Likes venueLikes, int users, Place home, int mostInteractions) {
        Random random = new Random(seed);
        VenueCatalog catalog = venues(random, venues, venuePlace, venueLikes);
        double[] lat = new double[users];
        double[] lng = new double[users];
        InteractionMatrix.Builder interactions = InteractionMatrix.builder(venues);
        SocialGraph.Builder graph = SocialGraph.builder(users);
        for (int user = 0; user < users; user++) {
            double[] drawn = home.draw(random);
            lat[user] = drawn[0];
            lng[user] = drawn[1];
            TreeMap<Integer, int[]> own = new TreeMap<>();
            for (int i = random.nextInt(mostInteractions + 1); i > 0 && venues > 0; i--) {
                own.put(random.nextInt(venues), new int[] {random.nextInt(3), random.nextInt(5) * 60});
            }
            own.forEach((venue, entry) -> interactions.add(venue, entry[0], entry[1]));
            interactions.endRow();
            TreeSet<Integer> friends = new TreeSet<>();
            for (int i = random.nextInt(12); i > 0 && users > 1; i--) {
                friends.add(random.nextInt(users));
            }
            // Few different strengths, so that ties are frequent.
            friends.forEach(friend -> graph.add(friend, random.nextInt(5) / 4.0));
            graph.endRow();
        }
        return new World(catalog, lat, lng, interactions.build(), graph.build());
    }

    int users() {
        return homeLat.length;
    }

    /** The same people with rows in scoring order. */
    World inPlanOrder() {
        int[] order = PlanOrder.of(homeLat, homeLng);
        double[] lat = new double[users()];
        double[] lng = new double[users()];
        InteractionMatrix.Builder rows = InteractionMatrix.builder(catalog.size());
        for (int position = 0; position < order.length; position++) {
            int user = order[position];
            lat[position] = homeLat[user];
            lng[position] = homeLng[user];
            for (int e = interactions.offset(user); e < interactions.offset(user + 1); e++) {
                rows.add(interactions.venue(e), interactions.likes(e), interactions.seconds(e));
            }
            rows.endRow();
        }
        return new World(catalog, lat, lng, rows.build(), graph);
    }

    private static VenueCatalog venues(Random random, int n, Place place, Likes venueLikes) {
        long[] halves = new long[2 * n];
        double[] lat = new double[n];
        double[] lng = new double[n];
        int[] category = new int[n];
        int[] likes = new int[n];
        // Ranks of popularity in no relation to the order of ids.
        int[] rank = new int[n];
        for (int v = 0; v < n; v++) {
            int other = random.nextInt(v + 1);
            rank[v] = rank[other];
            rank[other] = v;
        }
        for (int v = 0; v < n; v++) {
            // Past the middle the upper half is negative as a long, as in every other real id.
            halves[2 * v] = v < n / 2 ? v : Long.MIN_VALUE + v;
            halves[2 * v + 1] = random.nextLong();
            double[] drawn = place.draw(random);
            lat[v] = drawn[0];
            lng[v] = drawn[1];
            category[v] = random.nextInt(7) - 1;
            likes[v] = venueLikes.draw(random, rank[v], n);
        }
        return VenueCatalog.of(UuidArray.of(halves), lat, lng, category, likes);
    }

    private static double wrapped(double lng) {
        double turned = (lng + 540) % 360 - 180;
        return Math.max(-180, Math.min(180, turned));
    }
}
