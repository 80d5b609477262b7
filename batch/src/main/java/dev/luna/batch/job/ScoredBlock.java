package dev.luna.batch.job;

import dev.luna.batch.snapshot.Positions;

/**
 * The packed rankings of a block, by place in the block.
 *
 * @param block which users
 * @param idHigh upper 64 bits of the users' ids
 * @param idLow lower 64 bits of the users' ids
 * @param venues packed venue rankings
 * @param companions packed companion rankings; null for users without friends
 * @param friends number of friends
 * @param checksum xor of the users' checksums
 */
record ScoredBlock(
        Positions block,
        long[] idHigh,
        long[] idLow,
        byte[][] venues,
        byte[][] companions,
        int[] friends,
        long checksum) {}
