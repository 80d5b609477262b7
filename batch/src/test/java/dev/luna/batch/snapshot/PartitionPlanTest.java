package dev.luna.batch.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PartitionPlanTest {

    @ParameterizedTest
    @CsvSource({
        "1, 512, 2",
        "512, 512, 2",
        "513, 512, 2",
        "7135, 512, 2",
        "1000000, 512, 2",
        "999983, 7, 64",
        "5, 1, 8",
        "20000000, 1, 2"
    })
    void rangesCoverEveryPositionOnceInWholeBlocks(int users, int blockUsers, int minPartitions) {
        List<Positions> ranges = PartitionPlan.of(users, blockUsers, minPartitions);

        int next = 0;
        for (Positions range : ranges) {
            assertThat(range.first()).isEqualTo(next).matches(first -> first % blockUsers == 0);
            assertThat(range.end()).isGreaterThan(range.first());
            next = range.end();
        }
        assertThat(next).isEqualTo(users);
    }

    @Test
    void thereIsAPartitionPerThreadWhenThereAreBlocksEnough() {
        assertThat(PartitionPlan.of(7135, 512, 8)).hasSize(8);
        assertThat(PartitionPlan.of(7135, 512, 2)).hasSize(2);
        assertThat(PartitionPlan.of(600, 512, 8)).hasSize(2);
    }

    @Test
    void everyThreadGetsAsManyPartitionsOfAsManyUsersGiveOrTakeABlock() {
        // 1,000,000 / 32,768 = 30.5: 16 for each of two threads, 11 for each of three.
        assertThat(PartitionPlan.of(1_000_000, 512, 2)).hasSize(32);
        assertThat(PartitionPlan.of(1_000_000, 512, 3)).hasSize(33);
        assertThat(PartitionPlan.of(1_000_000, 512, 2))
                .allSatisfy(range -> assertThat(range.end() - range.first()).isBetween(1_000_000 / 32 - 512, 32_768));
    }

    @Test
    void partitionsGrowWithUsersUpToAFewHundred() {
        assertThat(PartitionPlan.of(100_000_000, 512, 2)).hasSize(256);
        // 85 for each of three threads.
        assertThat(PartitionPlan.of(100_000_000, 512, 3)).hasSize(255);
        assertThat(PartitionPlan.of(100_000_000, 512, 300)).hasSize(300);
    }

    @Test
    void nobodyNeedsNoPartition() {
        assertThat(PartitionPlan.of(0, 512, 2)).isEmpty();
    }
}
