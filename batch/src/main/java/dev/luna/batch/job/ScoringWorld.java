package dev.luna.batch.job;

import dev.luna.batch.run.RunSettings;
import dev.luna.batch.scoring.CompanionRanker;
import dev.luna.batch.scoring.CompanionRankingCodec;
import dev.luna.batch.scoring.ScoringProfile;
import dev.luna.batch.scoring.VenueRanker;
import dev.luna.batch.scoring.VenueRankingCodec;
import dev.luna.batch.snapshot.StagedInputs;

/**
 * Everything that scoring a run's users needs, shared by its threads. Immutable and thread-safe.
 *
 * @param inputs the staged inputs
 * @param profile the run's scoring profile
 * @param settings the run's settings
 * @param venueRanker ranks venues of rows by position
 * @param companionRanker ranks companions of rows by position, friends by userIndex
 * @param venueCodec packs venue rankings
 * @param companionCodec packs companion rankings
 */
record ScoringWorld(
        StagedInputs inputs,
        ScoringProfile profile,
        RunSettings settings,
        VenueRanker venueRanker,
        CompanionRanker companionRanker,
        VenueRankingCodec venueCodec,
        CompanionRankingCodec companionCodec) {

    static ScoringWorld of(StagedInputs inputs, ScoringProfile profile, RunSettings settings) {
        return new ScoringWorld(
                inputs,
                profile,
                settings,
                new VenueRanker(inputs.catalog(), profile),
                new CompanionRanker(
                        inputs.catalog(), inputs.interactions(), inputs.graph(), profile, inputs.interactionRow()),
                new VenueRankingCodec(inputs.catalog(), profile),
                new CompanionRankingCodec(inputs.catalog(), profile));
    }
}
