package dev.luna.batch.scoring;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Cities of 500 venues with people around them, drawn from a fixed seed: rows are users in scoring order, friends are
 * rows. A user has up to 17 venues of his own, nine of ten in his city, the popular ones first, and up to 10 friends, seven of ten
 * living near; one user in fifty has no home.
 */
record ClusteredWorld(
        VenueCatalog catalog, double[] homeLat, double[] homeLng, InteractionMatrix own, SocialGraph graph) {

    static final int VENUES_PER_CITY = 500;

    private static final int USERS_PER_VENUE = 5;
    private static final int VENUES_OF_A_USER = 17;
    private static final int FRIENDS = 10;

    /** Positions that count as near. */
    private static final int NEAR = 2_000;

    /** Standard deviation of places around their city's centre: 0.05 degrees, 5.6 km. */
    private static final double SPREAD_DEGREES = 0.05;

    /**
     * A world of equal cities.
     *
     * @param venues a positive multiple of {@value #VENUES_PER_CITY}; there are five users to a venue
     */
    static ClusteredWorld of(int venues) {
        return of(venues, 0, Integer.MAX_VALUE);
    }

    /**
     * A world whose cities differ in population (Zipf) and are not all inhabited, so that worlds of many venues stay small;
     * the others have the venues and the likes that they would have.
     *
     * @param venues a positive multiple of {@value #VENUES_PER_CITY}; there would be five users to a venue
     * @param exponent how fast population falls with a city's rank; 0 for equal cities
     * @param mostUsers largest number of users
     */
    static ClusteredWorld of(int venues, double exponent, int mostUsers) {
        if (venues < VENUES_PER_CITY || venues % VENUES_PER_CITY != 0) {
            throw new IllegalArgumentException(
                    "venues is " + venues + "; expected a positive multiple of " + VENUES_PER_CITY);
        }
        Random random = new Random(1);
        int cities = venues / VENUES_PER_CITY;
        double[][] centre = new double[cities][];
        for (int city = 0; city < cities; city++) {
            centre[city] = new double[] {random.nextDouble() * 110 - 50, random.nextDouble() * 340 - 170};
        }
        long[] ids = new long[2 * venues];
        double[] lat = new double[venues];
        double[] lng = new double[venues];
        int[] category = new int[venues];
        for (int venue = 0; venue < venues; venue++) {
            // The n-th venue of a city lies in it at n x cities, so neighbours in id are none in space.
            double[] place = near(random, centre[venue % cities]);
            ids[2 * venue + 1] = venue;
            lat[venue] = place[0];
            lng[venue] = place[1];
            category[venue] = random.nextInt(24);
        }

        int[] population = populations(cities, venues * (long) USERS_PER_VENUE, exponent);
        boolean[] isInhabited = inhabited(population, mostUsers);
        int users = IntStream.range(0, cities)
                .filter(city -> isInhabited[city])
                .map(city -> population[city])
                .sum();
        int[] cityOf = new int[users];
        double[] drawnLat = new double[users];
        double[] drawnLng = new double[users];
        for (int city = 0, user = 0; city < cities; city++) {
            for (int n = 0; isInhabited[city] && n < population[city]; n++, user++) {
                cityOf[user] = city;
                double[] place = near(random, centre[city]);
                boolean hasHome = random.nextInt(50) != 0;
                drawnLat[user] = hasHome ? place[0] : Double.NaN;
                drawnLng[user] = hasHome ? place[1] : Double.NaN;
            }
        }
        int[] order = PlanOrder.of(drawnLat, drawnLng);
        double[] homeLat = new double[users];
        double[] homeLng = new double[users];
        InteractionMatrix.Builder own = InteractionMatrix.builder(venues);
        SocialGraph.Builder graph = SocialGraph.builder(users);
        int[] likes = likesOfAbsentUsers(venues, population, isInhabited);
        for (int row = 0; row < users; row++) {
            homeLat[row] = drawnLat[order[row]];
            homeLng[row] = drawnLng[order[row]];
            addVenues(random, own, likes, cityOf[order[row]], cities);
            addFriends(random, graph, row, users);
        }
        return new ClusteredWorld(
                VenueCatalog.of(UuidArray.of(ids), lat, lng, category, likes),
                homeLat,
                homeLng,
                own.build(),
                graph.build());
    }

    int users() {
        return homeLat.length;
    }

    private static int[] populations(int cities, long users, double exponent) {
        double[] weight = IntStream.rangeClosed(1, cities)
                .mapToDouble(rank -> Math.pow(rank, -exponent))
                .toArray();
        double sum = Arrays.stream(weight).sum();
        return Arrays.stream(weight)
                .mapToInt(w -> (int) Math.round(users * w / sum))
                .toArray();
    }

    /** Whole cities of all ranks, in steps through the list, while there is room. */
    private static boolean[] inhabited(int[] population, int mostUsers) {
        boolean[] inhabited = new boolean[population.length];
        // A step without a common divisor with the number of cities visits each once; 7919 is a prime above them all.
        long room = mostUsers;
        for (long i = 0; i < population.length; i++) {
            int city = (int) (i * 7919 % population.length);
            if (population[city] <= room) {
                inhabited[city] = true;
                room -= population[city];
            }
        }
        return inhabited;
    }

    /** What the users of cities that are not inhabited would have liked there, on average; 0 elsewhere. */
    private static int[] likesOfAbsentUsers(int venues, int[] population, boolean[] isInhabited) {
        int[] likes = new int[venues];
        for (int venue = 0; venue < venues; venue++) {
            int city = venue % population.length;
            if (!isInhabited[city]) {
                // Users draw place 500 u^2.5, so a place is drawn with the probability that u lies between its roots.
                int place = venue / population.length;
                double share = Math.pow((place + 1.0) / VENUES_PER_CITY, 0.4)
                        - Math.pow((double) place / VENUES_PER_CITY, 0.4);
                likes[venue] = (int) Math.round(population[city] * VENUES_OF_A_USER * 0.9 / 3 * share);
            }
        }
        return likes;
    }

    private static double[] near(Random random, double[] centre) {
        return new double[] {
            centre[0] + SPREAD_DEGREES * random.nextGaussian(),
            centre[1] + SPREAD_DEGREES / Math.cos(Math.toRadians(centre[0])) * random.nextGaussian()
        };
    }

    private static void addVenues(Random random, InteractionMatrix.Builder own, int[] likes, int city, int cities) {
        int[] drawn = random.ints(VENUES_OF_A_USER)
                .map(bits -> Math.floorMod(bits, 10) == 0
                        ? random.nextInt(likes.length)
                        : city + cities * (int) (VENUES_PER_CITY * Math.pow(random.nextDouble(), 2.5)))
                .sorted()
                .distinct()
                .toArray();
        for (int venue : drawn) {
            int liked = random.nextInt(3) == 0 ? 1 : 0;
            likes[venue] += liked;
            own.add(venue, liked, random.nextInt(200));
        }
        own.endRow();
    }

    private static void addFriends(Random random, SocialGraph.Builder graph, int row, int users) {
        int[] drawn = new int[FRIENDS];
        for (int i = 0; i < FRIENDS; i++) {
            drawn[i] = random.nextInt(10) < 7
                    ? Math.max(0, Math.min(users - 1, row + random.nextInt(2 * NEAR) - NEAR))
                    : random.nextInt(users);
        }
        for (int friend : Arrays.stream(drawn).sorted().distinct().toArray()) {
            graph.add(friend, random.nextInt(101) / 100.0);
        }
        graph.endRow();
    }
}
