package dev.luna.batch.run;

import dev.luna.batch.scoring.CompanionEncoder;
import dev.luna.batch.scoring.CompanionRanker;
import dev.luna.batch.scoring.CompanionRankingCodec;
import dev.luna.batch.scoring.InteractionMatrix;
import dev.luna.batch.scoring.RankedCompanion;
import dev.luna.batch.scoring.RankedVenue;
import dev.luna.batch.scoring.ReferenceRanker;
import dev.luna.batch.scoring.ScoringProfile;
import dev.luna.batch.scoring.SocialGraph;
import dev.luna.batch.scoring.UuidArray;
import dev.luna.batch.scoring.VenueCatalog;
import dev.luna.batch.scoring.VenueRanker;
import dev.luna.batch.scoring.VenueRankingCodec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What a full run over the tables as they are would rank under the popularity of an earlier run, computed here and now from
 * the tables themselves.
 */
final class FullComputation {

    private final ScoringProfile profile = ScoringProfile.standard();
    private final RunSettings settings;
    private final List<UUID> users;
    private final double[] lat;
    private final double[] lng;
    private final VenueCatalog catalog;
    private final InteractionMatrix interactions;
    private final SocialGraph graph;

    private FullComputation(
            RunSettings settings,
            List<UUID> users,
            double[] lat,
            double[] lng,
            VenueCatalog catalog,
            InteractionMatrix interactions,
            SocialGraph graph) {
        this.settings = settings;
        this.users = users;
        this.lat = lat;
        this.lng = lng;
        this.catalog = catalog;
        this.interactions = interactions;
        this.graph = graph;
    }

    /** Reads the tables as they are, and likes and their maximum from a kept run. */
    static FullComputation under(JdbcClient jdbc, long popularityRunId, RunSettings settings) {
        List<UUID> users = new ArrayList<>();
        List<Double> lats = new ArrayList<>();
        List<Double> lngs = new ArrayList<>();
        jdbc.sql("select id, home_lat, home_lng from users order by id").query(row -> {
            users.add(row.getObject("id", UUID.class));
            double lat = row.getDouble("home_lat");
            lats.add(row.wasNull() ? Double.NaN : lat);
            double lng = row.getDouble("home_lng");
            lngs.add(row.wasNull() ? Double.NaN : lng);
        });
        VenueCatalog catalog = catalog(jdbc, popularityRunId);
        Map<UUID, Integer> userIndex = new HashMap<>();
        users.forEach(user -> userIndex.put(user, userIndex.size()));
        Map<UUID, List<int[]>> visits = new HashMap<>();
        jdbc.sql("""
                        select user_id, venue_id, count(*) filter (where interaction_type <> 'view') as likes,
                               coalesce(sum(dwell_time), 0) as seconds
                        from user_venue_interactions group by 1, 2
                        """).query(row -> {
            visits.computeIfAbsent(row.getObject("user_id", UUID.class), u -> new ArrayList<>())
                    .add(new int[] {
                        catalog.indexOf(row.getObject("venue_id", UUID.class)),
                        row.getInt("likes"),
                        row.getInt("seconds")
                    });
        });
        Map<UUID, Map<Integer, Double>> friends = new HashMap<>();
        jdbc.sql("select user_id, other_user_id, strength from user_social_edges")
                .query(row -> {
                    friends.computeIfAbsent(row.getObject("user_id", UUID.class), u -> new HashMap<>())
                            .put(userIndex.get(row.getObject("other_user_id", UUID.class)), row.getDouble("strength"));
                });
        InteractionMatrix.Builder interactions = InteractionMatrix.builder(catalog.size());
        SocialGraph.Builder graph = SocialGraph.builder(users.size());
        for (UUID user : users) {
            visits.getOrDefault(user, List.of()).forEach(visit -> interactions.add(visit[0], visit[1], visit[2]));
            interactions.endRow();
            friends.getOrDefault(user, Map.of()).forEach(graph::add);
            graph.endRow();
        }
        return new FullComputation(
                settings,
                users,
                lats.stream().mapToDouble(Double::doubleValue).toArray(),
                lngs.stream().mapToDouble(Double::doubleValue).toArray(),
                catalog,
                interactions.build(),
                graph.build());
    }

    private static VenueCatalog catalog(JdbcClient jdbc, long popularityRunId) {
        record Venue(UUID id, double lat, double lng, int category, int likes) {}
        List<Venue> venues = jdbc.sql("""
                        select v.id, v.lat, v.lng, coalesce(dense_rank() over (order by v.category nulls last), 0) as code,
                               v.category is null as plain, coalesce(b.likes, 0) as likes
                        from venues v left join run_venue b on b.run_id = :run and b.venue_id = v.id
                        order by v.id
                        """)
                .param("run", popularityRunId)
                .query((row, n) -> new Venue(
                        row.getObject("id", UUID.class),
                        row.getDouble("lat"),
                        row.getDouble("lng"),
                        row.getBoolean("plain") ? VenueCatalog.NO_CATEGORY : row.getInt("code"),
                        row.getInt("likes")))
                .list();
        int maxLikes = jdbc.sql("select max(likes) from run_venue where run_id = :run")
                .param("run", popularityRunId)
                .query(Integer.class)
                .single();
        return VenueCatalog.of(
                UuidArray.of(venues.stream().map(Venue::id).toList()),
                venues.stream().mapToDouble(Venue::lat).toArray(),
                venues.stream().mapToDouble(Venue::lng).toArray(),
                venues.stream().mapToInt(Venue::category).toArray(),
                venues.stream().mapToInt(Venue::likes).toArray(),
                maxLikes);
    }

    /** Users of the tables. */
    int users() {
        return users.size();
    }

    /** The checksum that such a run would have. */
    long checksum() {
        VenueRankingCodec venueCodec = new VenueRankingCodec(catalog, profile);
        CompanionRankingCodec companionCodec = new CompanionRankingCodec(catalog, profile);
        long[] high = users.stream().mapToLong(UUID::getMostSignificantBits).toArray();
        long[] low = users.stream().mapToLong(UUID::getLeastSignificantBits).toArray();
        long[] halves = new long[2 * high.length];
        for (int user = 0; user < high.length; user++) {
            halves[2 * user] = high[user];
            halves[2 * user + 1] = low[user];
        }
        CompanionRanker.Worker companions = new CompanionRanker(catalog, interactions, graph, profile).newWorker();
        CompanionEncoder encoder = new CompanionEncoder(UuidArray.of(halves));
        long[] checksum = new long[1];
        new VenueRanker(catalog, profile)
                .rank(lat, lng, interactions, 0, users.size(), settings.venuesPerUser(), null, (user, ranking) -> {
                    checksum[0] ^= venueCodec.checksum(high[user], low[user], venueCodec.encode(ranking));
                    if (graph.degree(user) > 0) {
                        encoder.begin(companions.rank(user, settings.companionsPerUser()));
                        int n = Math.min(settings.companionVenues(), ranking.size());
                        int[] first = new int[n];
                        for (int i = 0; i < n; i++) {
                            first[i] = ranking.venue(i);
                        }
                        companions.rankAt(user, first, n, settings.companionsPerVenue(), encoder);
                        checksum[0] ^= companionCodec.checksum(high[user], low[user], encoder.finish());
                    }
                });
        return checksum[0];
    }

    /** Every rank of every user by the definition: user, rank, venue. */
    List<String> venueRanks() {
        ReferenceRanker reference = new ReferenceRanker(catalog, profile);
        List<String> ranks = new ArrayList<>();
        for (int user = 0; user < users.size(); user++) {
            List<RankedVenue> ranking =
                    reference.rankVenues(lat[user], lng[user], interactions, user, settings.venuesPerUser(), null);
            for (int i = 0; i < ranking.size(); i++) {
                ranks.add(users.get(user) + " " + (i + 1) + " "
                        + catalog.id(ranking.get(i).venueIndex()));
            }
        }
        return ranks;
    }

    /** Every companion in general and at the first venues by the definition: user, venue or null, rank, companion. */
    List<String> companionRanks() {
        ReferenceRanker reference = new ReferenceRanker(catalog, profile);
        List<String> ranks = new ArrayList<>();
        for (int user = 0; user < users.size(); user++) {
            add(ranks, reference, user, -1, settings.companionsPerUser());
            for (RankedVenue venue :
                    reference.rankVenues(lat[user], lng[user], interactions, user, settings.companionVenues(), null)) {
                add(ranks, reference, user, venue.venueIndex(), settings.companionsPerVenue());
            }
        }
        return ranks;
    }

    private void add(List<String> ranks, ReferenceRanker reference, int user, int venue, int k) {
        List<RankedCompanion> ranking = reference.rankCompanions(graph, interactions, friend -> friend, user, venue, k);
        for (int i = 0; i < ranking.size(); i++) {
            ranks.add(users.get(user) + " " + (venue < 0 ? null : catalog.id(venue)) + " " + (i + 1) + " "
                    + users.get(ranking.get(i).friendIndex()));
        }
    }
}
