package dev.luna.api.reco;

import dev.luna.batch.scoring.GroupStrategy;
import dev.luna.batch.scoring.InteractionMatrix;
import dev.luna.batch.scoring.RankedCompanion;
import dev.luna.batch.scoring.RankedVenue;
import dev.luna.batch.scoring.ReferenceRanker;
import dev.luna.batch.scoring.ScoringProfile;
import dev.luna.batch.scoring.SocialGraph;
import dev.luna.batch.scoring.UuidArray;
import dev.luna.batch.scoring.VenueCatalog;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.IntUnaryOperator;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A small city in the database, and what the brute-force reference says about it as it is at one moment. */
final class World {

    private static final ScoringProfile PROFILE = ScoringProfile.standard();

    private final VenueCatalog catalog;
    private final List<UUID> users;
    private final double[] homeLat;
    private final double[] homeLng;
    private final InteractionMatrix own;
    private final SocialGraph graph;
    private final List<VenueFacts> facts;

    /** What filters look at. */
    record VenueFacts(String category, Integer priceLevel, Double rating) {}

    private World(
            VenueCatalog catalog,
            List<UUID> users,
            double[] homeLat,
            double[] homeLng,
            InteractionMatrix own,
            SocialGraph graph,
            List<VenueFacts> facts) {
        this.catalog = catalog;
        this.users = users;
        this.homeLat = homeLat;
        this.homeLng = homeLng;
        this.own = own;
        this.graph = graph;
        this.facts = facts;
    }

    /** Makes users, venues, interactions and edges: every fifth user without a home, venues that share places. */
    static void build(JdbcClient jdbc, long seed, int userCount, int venueCount) {
        Random random = new Random(seed);
        Random prices = new Random(seed);
        String[] categories = {"bar", "cafe", "park", null};
        for (int v = 0; v < venueCount; v++) {
            jdbc.sql("""
                            insert into venues (id, name, category, lat, lng, price_level, rating)
                            values (?, ?, ?, ?, ?, ?, ?)
                            """)
                    .params(
                            id(random),
                            "Venue " + v,
                            categories[random.nextInt(4)],
                            52.5 + random.nextInt(20) * 0.003,
                            13.4 + random.nextInt(20) * 0.003,
                            prices.nextInt(5) == 0 ? null : 1 + prices.nextInt(4),
                            prices.nextInt(5) == 0 ? null : prices.nextInt(11) / 2.0)
                    .update();
        }
        for (int u = 0; u < userCount; u++) {
            boolean hasHome = u % 5 != 4;
            jdbc.sql("insert into users (id, handle, name, home_lat, home_lng) values (?, ?, ?, ?, ?)")
                    .params(
                            id(random),
                            "user" + u,
                            "User " + u,
                            hasHome ? 52.5 + random.nextDouble() * 0.06 : null,
                            hasHome ? 13.4 + random.nextDouble() * 0.06 : null)
                    .update();
        }
        List<UUID> users = ids(jdbc, "users");
        List<UUID> venues = ids(jdbc, "venues");
        String[] types = {"view", "interest", "like"};
        for (int i = 0; i < userCount * 6; i++) {
            jdbc.sql("""
                            insert into user_venue_interactions (user_id, venue_id, interaction_type, dwell_time)
                            values (?, ?, ?, ?)
                            """)
                    .params(
                            users.get(random.nextInt(userCount - 1)),
                            venues.get(
                                    (int) Math.min(venueCount - 1, Math.abs(random.nextGaussian()) * venueCount / 3)),
                            types[random.nextInt(3)],
                            random.nextBoolean() ? random.nextInt(400) : null)
                    .update();
        }
        for (int u = 0; u < userCount - 1; u++) {
            for (int f = 0; f < userCount; f++) {
                if (f != u && random.nextInt(3) == 0) {
                    jdbc.sql("""
                                    insert into user_social_edges (user_id, other_user_id, relationship_type, strength)
                                    values (?, ?, 'friend', ?)
                                    """)
                            .params(users.get(u), users.get(f), random.nextInt(11) / 10.0)
                            .update();
                }
            }
        }
    }

    /** The world as the database has it now. */
    static World read(JdbcClient jdbc) {
        return read(jdbc, null);
    }

    /** The world as it is now, with the popularity of an earlier one. */
    static World read(JdbcClient jdbc, World earlier) {
        List<UUID> venues = ids(jdbc, "venues");
        List<UUID> users = ids(jdbc, "users");
        Map<UUID, Integer> venueIndex = positions(venues);
        Map<UUID, Integer> userIndex = positions(users);
        int n = venues.size();
        double[] lat = new double[n];
        double[] lng = new double[n];
        int[] category = new int[n];
        int[] likes = new int[n];
        Map<String, Integer> codes = new HashMap<>();
        jdbc.sql("select id, category, lat, lng from venues").query(row -> {
            int v = venueIndex.get(row.getObject("id", UUID.class));
            lat[v] = row.getDouble("lat");
            lng[v] = row.getDouble("lng");
            String text = row.getString("category");
            category[v] = text == null ? -1 : codes.computeIfAbsent(text, c -> codes.size());
        });
        Map<UUID, Map<Integer, long[]>> pairs = new HashMap<>();
        jdbc.sql("select user_id, venue_id, interaction_type, dwell_time from user_venue_interactions")
                .query(row -> {
                    int v = venueIndex.get(row.getObject("venue_id", UUID.class));
                    long[] sums = pairs.computeIfAbsent(row.getObject("user_id", UUID.class), id -> new HashMap<>())
                            .computeIfAbsent(v, id -> new long[2]);
                    if (!row.getString("interaction_type").equals("view")) {
                        sums[0]++;
                        likes[v]++;
                    }
                    sums[1] += row.getInt("dwell_time");
                });
        InteractionMatrix.Builder own = InteractionMatrix.builder(n);
        SocialGraph.Builder graph = SocialGraph.builder(users.size());
        double[] homeLat = new double[users.size()];
        double[] homeLng = new double[users.size()];
        for (int u = 0; u < users.size(); u++) {
            pairs.getOrDefault(users.get(u), Map.of()).forEach((v, sums) -> own.add(v, (int) sums[0], sums[1]));
            own.endRow();
            jdbc.sql("select other_user_id, strength from user_social_edges where user_id = ?")
                    .param(users.get(u))
                    .query(row -> {
                        graph.add(userIndex.get(row.getObject("other_user_id", UUID.class)), row.getDouble("strength"));
                    });
            graph.endRow();
            int at = u;
            jdbc.sql("select home_lat, home_lng from users where id = ?")
                    .param(users.get(u))
                    .query(row -> {
                        Double home = row.getObject("home_lat", Double.class);
                        homeLat[at] = home == null ? Double.NaN : home;
                        homeLng[at] = home == null ? Double.NaN : row.getDouble("home_lng");
                    });
        }
        UuidArray venueIds = UuidArray.of(venues);
        VenueCatalog catalog = earlier == null
                ? VenueCatalog.of(venueIds, lat, lng, category, likes)
                : VenueCatalog.of(venueIds, lat, lng, category, earlier.likesOf(venues), earlier.catalog.maxLikes());
        List<VenueFacts> facts = jdbc.sql("select category, price_level, rating from venues order by id")
                .query((row, i) -> new VenueFacts(
                        row.getString("category"),
                        row.getObject("price_level", Integer.class),
                        row.getObject("rating", Double.class)))
                .list();
        return new World(catalog, users, homeLat, homeLng, own.build(), graph.build(), facts);
    }

    List<UUID> users() {
        return users;
    }

    UUID venue(int index) {
        return catalog.id(index);
    }

    int venueCount() {
        return catalog.size();
    }

    UUID mostLikedVenue() {
        for (int v = 0; v < catalog.size(); v++) {
            if (catalog.likes(v) == catalog.maxLikes()) {
                return catalog.id(v);
            }
        }
        throw new IllegalStateException("no venues");
    }

    /** The user's true top, with ids in place of indices. */
    List<Expected> venues(UUID user, int k) {
        int row = users.indexOf(user);
        List<Expected> list = new ArrayList<>();
        for (RankedVenue venue :
                new ReferenceRanker(catalog, PROFILE).rankVenues(homeLat[row], homeLng[row], own, row, k, null)) {
            list.add(new Expected(catalog.id(venue.venueIndex()), venue.score()));
        }
        return list;
    }

    /** The group's true top, with ids in place of indices. */
    List<ExpectedOfGroup> group(List<UUID> group, GroupStrategy strategy, int k) {
        int[] rows = group.stream().mapToInt(users::indexOf).toArray();
        InteractionMatrix.Builder members = InteractionMatrix.builder(catalog.size());
        for (int row : rows) {
            for (int e = own.offset(row); e < own.offset(row + 1); e++) {
                members.add(own.venue(e), own.likes(e), own.seconds(e));
            }
            members.endRow();
        }
        return new ReferenceRanker(catalog, PROFILE)
                        .rankGroup(
                                Arrays.stream(rows)
                                        .mapToDouble(row -> homeLat[row])
                                        .toArray(),
                                Arrays.stream(rows)
                                        .mapToDouble(row -> homeLng[row])
                                        .toArray(),
                                members.build(),
                                strategy,
                                k,
                                null)
                        .stream()
                        .map(venue -> new ExpectedOfGroup(
                                catalog.id(venue.venueIndex()),
                                venue.score(),
                                venue.members().stream().map(RankedVenue::score).toList()))
                        .toList();
    }

    /** All that pass a test for every member, of the group's true ranking of everything. */
    List<ExpectedOfGroup> group(List<UUID> group, GroupStrategy strategy, Passes test) {
        List<ExpectedOfGroup> passing = new ArrayList<>(group(group, strategy, catalog.size()));
        for (UUID member : group) {
            List<UUID> passed = venues(member, test).stream().map(Expected::id).toList();
            passing.removeIf(venue -> !passed.contains(venue.venueId()));
        }
        return passing;
    }

    /** One entry of a group's true ranking. */
    record ExpectedOfGroup(UUID venueId, double score, List<Double> memberScores) {}

    /** All that pass a test, of the user's true ranking of everything. */
    List<Expected> venues(UUID user, Passes test) {
        int row = users.indexOf(user);
        List<Expected> list = new ArrayList<>();
        for (RankedVenue venue : new ReferenceRanker(catalog, PROFILE)
                .rankVenues(homeLat[row], homeLng[row], own, row, catalog.size(), null)) {
            int v = venue.venueIndex();
            if (test.test(catalog.id(v), facts.get(v), venue.distanceKm(), own.entry(row, v) >= 0)) {
                list.add(new Expected(catalog.id(v), venue.score()));
            }
        }
        return list;
    }

    /** Whether a venue may be in a list; the distance is NaN without a home. */
    interface Passes {
        boolean test(UUID id, VenueFacts facts, double distanceKm, boolean isVisited);
    }

    /** The user's true best companions; at a venue, or in general when it is null. */
    List<Expected> companions(UUID user, UUID venue, int k) {
        List<Expected> list = new ArrayList<>();
        for (RankedCompanion companion : new ReferenceRanker(catalog, PROFILE)
                .rankCompanions(
                        graph,
                        own,
                        IntUnaryOperator.identity(),
                        users.indexOf(user),
                        venue == null ? -1 : catalog.indexOf(venue),
                        k)) {
            list.add(new Expected(users.get(companion.friendIndex()), companion.score()));
        }
        return list;
    }

    /** One entry of a true ranking. */
    record Expected(UUID id, double score) {}

    private int[] likesOf(List<UUID> venues) {
        return venues.stream()
                .mapToInt(id -> catalog.indexOf(id) < 0 ? 0 : catalog.likes(catalog.indexOf(id)))
                .toArray();
    }

    private static List<UUID> ids(JdbcClient jdbc, String table) {
        return jdbc.sql("select id from " + table + " order by id")
                .query(UUID.class)
                .list();
    }

    private static Map<UUID, Integer> positions(List<UUID> ids) {
        Map<UUID, Integer> positions = new HashMap<>();
        for (UUID id : ids) {
            positions.put(id, positions.size());
        }
        return positions;
    }

    /** Ids on both sides of the sign bit, where Java's own order of UUIDs goes wrong. */
    private static UUID id(Random random) {
        return new UUID(random.nextLong(), random.nextLong());
    }
}
