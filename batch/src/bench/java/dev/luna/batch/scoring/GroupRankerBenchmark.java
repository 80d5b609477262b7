package dev.luna.batch.scoring;

import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What the exact first 10 venues of a group of 8 cost: the median is {@code p0.50}. */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@SuppressWarnings("NullAway.Init") // JMH fills in parameters and then calls build()
public class GroupRankerBenchmark {

    private static final int K = 10;
    private static final int MEMBERS = 8;
    private static final int GROUPS = 256;
    private static final int CHECKED = 8;

    /** Number of venues, a multiple of 500. */
    @Param("20000")
    public int venues;

    @Param({"AVERAGE", "LEAST_MISERY", "FAIRNESS"})
    public GroupStrategy strategy;

    /** Neighbours live in one city; strangers anywhere, which leaves bounds by nearness the least to work with. */
    @Param({"neighbours", "strangers"})
    public String members;

    private GroupRanker ranker;
    private Group[] groups;
    private int next;

    private record Group(double[] homeLat, double[] homeLng, InteractionMatrix own) {}

    /** Draws groups and compares some with brute force. */
    @Setup
    public void build() {
        ClusteredWorld world = ClusteredWorld.of(venues);
        ranker = new GroupRanker(new VenueRanker(world.catalog(), ScoringProfile.standard()));
        ReferenceRanker reference = new ReferenceRanker(world.catalog(), ScoringProfile.standard());
        Random random = new Random(2);
        groups = new Group[GROUPS];
        for (int i = 0; i < GROUPS; i++) {
            groups[i] = draw(world, random);
            if (i < CHECKED) {
                Group group = groups[i];
                VenueRankerBenchmark.requireEqual(
                        i,
                        reference.rankGroup(group.homeLat, group.homeLng, group.own, strategy, K, null),
                        rank(group));
            }
        }
    }

    /** One group. */
    @Benchmark
    public List<GroupRankedVenue> group() {
        next = (next + 1) % GROUPS;
        return rank(groups[next]);
    }

    private List<GroupRankedVenue> rank(Group group) {
        return ranker.rank(group.homeLat, group.homeLng, group.own, strategy, K, null);
    }

    private Group draw(ClusteredWorld world, Random random) {
        double[] lat = new double[MEMBERS];
        double[] lng = new double[MEMBERS];
        InteractionMatrix.Builder own =
                InteractionMatrix.builder(world.catalog().size());
        // Rows near one another are people near one another.
        int first = random.nextInt(world.users() - Blocks.USERS);
        for (int member = 0; member < MEMBERS; member++) {
            int row =
                    members.equals("neighbours") ? first + random.nextInt(Blocks.USERS) : random.nextInt(world.users());
            lat[member] = world.homeLat()[row];
            lng[member] = world.homeLng()[row];
            for (int e = world.own().offset(row); e < world.own().offset(row + 1); e++) {
                own.add(world.own().venue(e), world.own().likes(e), world.own().seconds(e));
            }
            own.endRow();
        }
        return new Group(lat, lng, own.build());
    }
}
