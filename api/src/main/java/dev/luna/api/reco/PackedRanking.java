package dev.luna.api.reco;

/**
 * A user's venue ranking as a run stored it.
 *
 * @param writtenBy the run that wrote it: the run read, or the one that it refreshes
 * @param packed as {@link dev.luna.batch.scoring.VenueRankingCodec} wrote it
 */
record PackedRanking(long writtenBy, byte[] packed) {}
