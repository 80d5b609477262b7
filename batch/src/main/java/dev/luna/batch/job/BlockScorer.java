package dev.luna.batch.job;

import dev.luna.batch.run.RunSettings;
import dev.luna.batch.scoring.CompanionEncoder;
import dev.luna.batch.scoring.CompanionRanker;
import dev.luna.batch.scoring.VenueRanker;
import dev.luna.batch.scoring.VenueRanking;
import dev.luna.batch.snapshot.BlockInputs;
import dev.luna.batch.snapshot.Positions;
import dev.luna.batch.snapshot.StagedInputs;
import org.springframework.batch.infrastructure.item.ItemProcessor;

/** Ranks and packs one block: venues, companions in general, companions at each user's first venues. One thread. */
final class BlockScorer implements ItemProcessor<Positions, ScoredBlock> {

    private final ScoringWorld world;
    private final VenueRanker.Worker venues;
    private final CompanionEncoder encoder;
    private final int[] firstVenues;

    /** @param world the run's arrays */
    BlockScorer(ScoringWorld world) {
        this.world = world;
        venues = world.venueRanker().newWorker();
        encoder = new CompanionEncoder(world.inputs().userIds());
        firstVenues = new int[world.settings().companionVenues()];
    }

    @Override
    public ScoredBlock process(Positions block) {
        StagedInputs inputs = world.inputs();
        BlockInputs rows = inputs.block(block.first(), block.end());
        CompanionRanker.Worker companions = world.companionRanker(rows).newWorker();
        int n = block.users();
        long[] idHigh = new long[n];
        long[] idLow = new long[n];
        byte[][] packedVenues = new byte[n][];
        byte[][] packedCompanions = new byte[n][];
        int[] friends = new int[n];
        long[] checksum = new long[1];
        venues.rank(
                rows.homeLat(),
                rows.homeLng(),
                rows.own(),
                0,
                n,
                world.settings().venuesPerUser(),
                null,
                (i, ranking) -> {
                    int user = inputs.userIndexAt(block.first() + i);
                    idHigh[i] = inputs.userIds().high(user);
                    idLow[i] = inputs.userIds().low(user);
                    packedVenues[i] = world.venueCodec().encode(ranking);
                    checksum[0] ^= world.venueCodec().checksum(idHigh[i], idLow[i], packedVenues[i]);
                    friends[i] = rows.graph().degree(i);
                    if (friends[i] > 0) {
                        packedCompanions[i] = companions(companions, i, ranking);
                        checksum[0] ^= world.companionCodec().checksum(idHigh[i], idLow[i], packedCompanions[i]);
                    }
                });
        return new ScoredBlock(block, idHigh, idLow, packedVenues, packedCompanions, friends, checksum[0]);
    }

    private byte[] companions(CompanionRanker.Worker companions, int row, VenueRanking ranking) {
        RunSettings settings = world.settings();
        encoder.begin(companions.rank(row, settings.companionsPerUser()));
        int n = settings.companionsPerVenue() == 0 ? 0 : Math.min(firstVenues.length, ranking.size());
        for (int i = 0; i < n; i++) {
            firstVenues[i] = ranking.venue(i);
        }
        companions.rankAt(row, firstVenues, n, settings.companionsPerVenue(), encoder);
        return encoder.finish();
    }
}
