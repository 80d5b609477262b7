package dev.luna.batch.job;

import dev.luna.batch.run.Claim;
import dev.luna.batch.run.RunLease;
import dev.luna.batch.snapshot.Positions;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.batch.infrastructure.item.ItemStreamReader;

/**
 * Deals out a partition in blocks, from the first user not yet stored.
 *
 * <p>Where to go on is read from the partition's own progress, which commits with the rankings, and not from the execution
 * context: after a commit whose answer was lost, Spring Batch may save the context of a chunk that was rolled back. One
 * partition, one thread.
 */
final class BlockReader implements ItemStreamReader<Positions> {

    private final Claim claim;
    private final RunLease lease;
    private final StoredPartition partition;
    private final int blockUsers;
    private int next;
    private int end;

    BlockReader(Claim claim, RunLease lease, StoredPartition partition, int blockUsers) {
        this.claim = claim;
        this.lease = lease;
        this.partition = partition;
        this.blockUsers = blockUsers;
    }

    @Override
    public void open(ExecutionContext context) {
        Positions rest = partition.rest();
        next = rest.first();
        end = rest.end();
    }

    @Override
    public @Nullable Positions read() {
        if (next >= end) {
            return null;
        }
        Positions block = new Positions(next, Math.min(end, next + blockUsers));
        next = block.end();
        return block;
    }

    /** The step's record is written next, also by the last chunk, which may have stored nothing that was proven. */
    @Override
    public void update(ExecutionContext context) {
        lease.prove(claim);
    }
}
