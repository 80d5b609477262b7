package dev.luna.batch.snapshot;

import java.util.ArrayList;
import java.util.List;

/**
 * How positions are divided among partitions: contiguous ranges of whole blocks, as equal as blocks allow. Made once per
 * run and stored with it; a restart never plans again.
 */
final class PartitionPlan {

    /** Most users of a partition, while there are few partitions: some chunks, so that job metadata costs little. */
    private static final int USERS_PER_PARTITION = 32_768;

    /** More partitions than this cost more in job metadata than they gain in balance. */
    private static final int MOST_PARTITIONS = 256;

    private PartitionPlan() {}

    /**
     * The partitions in order; none for no users.
     *
     * @param users number of positions
     * @param blockUsers positions of a block, at least 1
     * @param minPartitions fewest partitions, at least 1; a multiple of it is planned if there are enough blocks
     */
    static List<Positions> of(int users, int blockUsers, int minPartitions) {
        int blocks = (int) (((long) users + blockUsers - 1) / blockUsers);
        // As many for each thread, so that all end at about the same time.
        int wanted = minPartitions * (users / USERS_PER_PARTITION / minPartitions + 1);
        int most = minPartitions * Math.max(1, MOST_PARTITIONS / minPartitions);
        int partitions = Math.min(blocks, Math.min(most, wanted));
        List<Positions> plan = new ArrayList<>(partitions);
        for (int i = 0; i < partitions; i++) {
            long firstBlock = (long) blocks * i / partitions;
            long endBlock = (long) blocks * (i + 1) / partitions;
            plan.add(new Positions((int) (firstBlock * blockUsers), (int) Math.min(users, endBlock * blockUsers)));
        }
        return plan;
    }
}
