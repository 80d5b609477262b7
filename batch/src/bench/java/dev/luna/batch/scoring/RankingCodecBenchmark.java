package dev.luna.batch.scoring;

import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.IntUnaryOperator;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** What packing and reading one user's rankings costs, of 50 venues, and of companions in general and at 10 venues. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@SuppressWarnings("NullAway.Init") // JMH fills in parameters and then calls build()
public class RankingCodecBenchmark {

    private static final int K = 50;
    private static final int COMPANIONS = 20;
    private static final int COMPANION_VENUES = 10;
    private static final int COMPANIONS_AT_A_VENUE = 10;

    /** Number of venues, a multiple of 500. */
    @Param("20000")
    public int venues;

    private ClusteredWorld world;
    private VenueRankingCodec venueCodec;
    private CompanionRankingCodec companionCodec;
    private CompanionEncoder encoder;

    /** Rankings of the first block's users, by row. */
    private final VenueRanking[] venueRankings = new VenueRanking[Blocks.USERS];

    private final byte[][] packedVenues = new byte[Blocks.USERS][];
    private final byte[][] packedCompanions = new byte[Blocks.USERS][];

    /** By row: the ranking in general, then that at each of the first venues. */
    private final CompanionRanking[][] companionRankings = new CompanionRanking[Blocks.USERS][];

    /** Ranks the first block of the world, and compares what is packed, once unpacked, with brute force. */
    @Setup
    public void build() {
        world = ClusteredWorld.of(venues);
        ScoringProfile profile = ScoringProfile.standard();
        venueCodec = new VenueRankingCodec(world.catalog(), profile);
        companionCodec = new CompanionRankingCodec(world.catalog(), profile);
        long[] userIds = new long[2 * world.users()];
        for (int row = 0; row < world.users(); row++) {
            userIds[2 * row + 1] = row;
        }
        encoder = new CompanionEncoder(UuidArray.of(userIds));
        CompanionRanker.Worker companions =
                new CompanionRanker(world.catalog(), world.own(), world.graph(), profile).newWorker();
        new VenueRanker(world.catalog(), profile)
                .rank(world.homeLat(), world.homeLng(), world.own(), 0, Blocks.USERS, K, null, (row, ranking) -> {
                    venueRankings[row] = copyOf(ranking);
                    companionRankings[row] = companionsOf(companions, row, ranking);
                });
        ReferenceRanker reference = new ReferenceRanker(world.catalog(), profile);
        for (int row = 0; row < Blocks.USERS; row++) {
            packedVenues[row] = venueCodec.encode(venueRankings[row]);
            packedCompanions[row] = packCompanions(row);
        }
        for (int row = 0; row < Blocks.USERS; row += 16) {
            checkVenues(reference, row);
            checkCompanions(reference, row);
        }
    }

    /** Venues of one block. */
    @Benchmark
    @OperationsPerInvocation(Blocks.USERS)
    public void encodeVenues(Blackhole blackhole) {
        for (VenueRanking ranking : venueRankings) {
            blackhole.consume(venueCodec.encode(ranking));
        }
    }

    /** Companions of one block. */
    @Benchmark
    @OperationsPerInvocation(Blocks.USERS)
    public void encodeCompanions(Blackhole blackhole) {
        for (int row = 0; row < Blocks.USERS; row++) {
            blackhole.consume(packCompanions(row));
        }
    }

    /** All 50 venues of each user of one block. */
    @Benchmark
    @OperationsPerInvocation(Blocks.USERS)
    public void decodeVenues(Blackhole blackhole) {
        for (byte[] packed : packedVenues) {
            blackhole.consume(venueCodec.decode(packed, K));
        }
    }

    /** Companions in general of each user of one block. */
    @Benchmark
    @OperationsPerInvocation(Blocks.USERS)
    public void decodeCompanions(Blackhole blackhole) {
        for (byte[] packed : packedCompanions) {
            blackhole.consume(companionCodec.decodeGeneral(packed, COMPANIONS));
        }
    }

    private byte[] packCompanions(int row) {
        CompanionRanking[] rankings = companionRankings[row];
        encoder.begin(rankings[0]);
        for (int i = 1; i < rankings.length; i++) {
            encoder.accept(venueRankings[row].venue(i - 1), rankings[i]);
        }
        return encoder.finish();
    }

    private void checkVenues(ReferenceRanker reference, int row) {
        VenueRankerBenchmark.requireEqual(
                row,
                reference.rankVenues(world.homeLat()[row], world.homeLng()[row], world.own(), row, K, null).stream()
                        .map(ranked -> new Entry(ranked.venueIndex(), (float) ranked.score()))
                        .toList(),
                venueCodec.decode(packedVenues[row], K).stream()
                        .map(ranked -> new Entry(ranked.venueIndex(), (float) ranked.score()))
                        .toList());
    }

    private void checkCompanions(ReferenceRanker reference, int row) {
        byte[] packed = packedCompanions[row];
        VenueRankerBenchmark.requireEqual(
                row,
                friends(reference, row, -1, COMPANIONS),
                ids(companionCodec.decodeGeneral(packed, Integer.MAX_VALUE)));
        for (int i = 0; i < COMPANION_VENUES; i++) {
            int venue = venueRankings[row].venue(i);
            VenueRankerBenchmark.requireEqual(
                    row,
                    friends(reference, row, venue, COMPANIONS_AT_A_VENUE),
                    ids(companionCodec
                            .decodeAt(packed, venue, Integer.MAX_VALUE)
                            .orElse(List.of())));
        }
    }

    private List<UUID> friends(ReferenceRanker reference, int row, int venue, int k) {
        return reference.rankCompanions(world.graph(), world.own(), IntUnaryOperator.identity(), row, venue, k).stream()
                .map(ranked -> new UUID(0, ranked.friendIndex()))
                .toList();
    }

    private static List<UUID> ids(List<StoredCompanion> stored) {
        return stored.stream().map(StoredCompanion::userId).toList();
    }

    private static CompanionRanking[] companionsOf(CompanionRanker.Worker worker, int row, VenueRanking ranking) {
        int[] first = new int[COMPANION_VENUES];
        for (int i = 0; i < COMPANION_VENUES; i++) {
            first[i] = ranking.venue(i);
        }
        CompanionRanking[] copies = new CompanionRanking[1 + COMPANION_VENUES];
        copies[0] = copyOf(worker.rank(row, COMPANIONS));
        int[] next = {1};
        worker.rankAt(
                row,
                first,
                COMPANION_VENUES,
                COMPANIONS_AT_A_VENUE,
                (venue, companions) -> copies[next[0]++] = copyOf(companions));
        return copies;
    }

    private static VenueRanking copyOf(VenueRanking view) {
        VenueRanking copy = new VenueRanking();
        copy.clear(view.size());
        copy.size = view.size();
        for (int i = 0; i < view.size(); i++) {
            copy.venue[i] = view.venue(i);
            copy.score[i] = view.score(i);
            copy.distanceKm[i] = view.distanceKm(i);
            copy.spatial[i] = view.spatial(i);
            copy.preference[i] = view.preference(i);
            copy.popularity[i] = view.popularity(i);
        }
        return copy;
    }

    private static CompanionRanking copyOf(CompanionRanking view) {
        CompanionRanking copy = new CompanionRanking();
        copy.clear(view.size());
        for (int i = 0; i < view.size(); i++) {
            copy.add(view.friend(i), view.score(i), view.base(i), view.direct(i), view.category(i));
        }
        return copy;
    }

    /** What of a ranked venue is stored exactly. */
    private record Entry(int venueIndex, float score) {}
}
