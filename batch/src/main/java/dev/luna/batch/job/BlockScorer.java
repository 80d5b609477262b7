package dev.luna.batch.job;

import dev.luna.batch.run.RunSettings;
import dev.luna.batch.scoring.CompanionRanker;
import dev.luna.batch.scoring.CompanionRankingCodec;
import dev.luna.batch.scoring.VenueRanker;
import dev.luna.batch.scoring.VenueRanking;
import dev.luna.batch.snapshot.StagedInputs;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.infrastructure.item.ItemProcessor;

/** Ranks and packs one block: venues, companions in general, companions at each user's first venues. One thread. */
final class BlockScorer implements ItemProcessor<Block, ScoredBlock> {

    private final Supplier<ScoringWorld> loader;
    private @Nullable Scratch scratch;

    /** @param loader gives the run's arrays; asked when the first block comes, so that its failure is the step's */
    BlockScorer(Supplier<ScoringWorld> loader) {
        this.loader = loader;
    }

    @Override
    public ScoredBlock process(Block block) {
        Scratch ready = scratch;
        if (ready == null) {
            ready = new Scratch(loader.get());
            scratch = ready;
        }
        return ready.score(block);
    }

    /** The arrays of the run and the workers of this thread. */
    private static final class Scratch {

        private final ScoringWorld world;
        private final VenueRanker.Worker venues;
        private final CompanionRanker.Worker companions;
        private final CompanionRankingCodec.Encoder encoder;
        private final int[] firstVenues;

        Scratch(ScoringWorld world) {
            this.world = world;
            StagedInputs inputs = world.inputs();
            venues = world.venueRanker().newWorker();
            companions = world.companionRanker().newWorker();
            encoder = world.companionCodec().newEncoder(inputs.userIdHigh(), inputs.userIdLow());
            firstVenues = new int[world.settings().companionVenues()];
        }

        ScoredBlock score(Block block) {
            StagedInputs inputs = world.inputs();
            int n = block.users();
            long[] idHigh = new long[n];
            long[] idLow = new long[n];
            byte[][] packedVenues = new byte[n][];
            byte[][] packedCompanions = new byte[n][];
            int[] friends = new int[n];
            long[] checksum = new long[1];
            venues.rank(
                    inputs.homeLat(),
                    inputs.homeLng(),
                    inputs.interactions(),
                    block.first(),
                    block.end(),
                    world.settings().venuesPerUser(),
                    null,
                    (position, ranking) -> {
                        int i = position - block.first();
                        int user = inputs.userIndexAt()[position];
                        idHigh[i] = inputs.userIdHigh()[user];
                        idLow[i] = inputs.userIdLow()[user];
                        packedVenues[i] = world.venueCodec().encode(ranking);
                        checksum[0] ^= world.venueCodec().checksum(idHigh[i], idLow[i], packedVenues[i]);
                        friends[i] = inputs.graph().degree(position);
                        if (friends[i] > 0) {
                            packedCompanions[i] = companions(position, ranking);
                            checksum[0] ^= world.companionCodec().checksum(idHigh[i], idLow[i], packedCompanions[i]);
                        }
                    });
            return new ScoredBlock(block, idHigh, idLow, packedVenues, packedCompanions, friends, checksum[0]);
        }

        private byte[] companions(int position, VenueRanking ranking) {
            RunSettings settings = world.settings();
            encoder.begin(companions.rank(position, settings.companionsPerUser()));
            int n = settings.companionsPerVenue() == 0 ? 0 : Math.min(firstVenues.length, ranking.size());
            for (int i = 0; i < n; i++) {
                firstVenues[i] = ranking.venue(i);
            }
            companions.rankAt(position, firstVenues, n, settings.companionsPerVenue(), encoder);
            return encoder.finish();
        }
    }
}
