package dev.luna.batch.job;

import dev.luna.batch.run.RunSettings;
import dev.luna.batch.scoring.CompanionRanker;
import dev.luna.batch.scoring.CompanionRankingCodec;
import dev.luna.batch.scoring.ScoringProfile;
import dev.luna.batch.scoring.VenueRanker;
import dev.luna.batch.scoring.VenueRankingCodec;
import dev.luna.batch.snapshot.BlockInputs;
import dev.luna.batch.snapshot.StagedInputs;

/**
 * Everything that scoring a run's users needs, shared by its threads. Immutable and thread-safe.
 *
 * @param inputs the staged inputs
 * @param profile the run's scoring profile
 * @param settings the run's settings
 * @param venueRanker ranks venues
 * @param venueCodec packs venue rankings
 * @param companionCodec packs companion rankings
 */
record ScoringWorld(
        StagedInputs inputs,
        ScoringProfile profile,
        RunSettings settings,
        VenueRanker venueRanker,
        VenueRankingCodec venueCodec,
        CompanionRankingCodec companionCodec) {

    /** Ranks companions of a block's rows; friends by userIndex. */
    CompanionRanker companionRanker(BlockInputs block) {
        return new CompanionRanker(inputs.catalog(), block.ofFriends(), block.graph(), profile, block.friendRow());
    }

    static ScoringWorld of(StagedInputs inputs, ScoringProfile profile, RunSettings settings) {
        return new ScoringWorld(
                inputs,
                profile,
                settings,
                new VenueRanker(inputs.catalog(), profile),
                new VenueRankingCodec(inputs.catalog(), profile),
                new CompanionRankingCodec(inputs.catalog(), profile));
    }
}
