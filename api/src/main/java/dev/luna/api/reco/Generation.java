package dev.luna.api.reco;

import dev.luna.batch.scoring.ScoringProfile;
import dev.luna.batch.scoring.VenueCatalog;
import org.jspecify.annotations.Nullable;

/**
 * What a run's rankings are written in: its venue dictionary with its likes, and its profile. Immutable.
 *
 * @param baseRunId the full run that answers for everyone this one did not rank again; null for a full run
 * @param venues venueIndex = {@code venue_no} of the run's packed rankings
 */
record Generation(long runId, @Nullable Long baseRunId, ScoringProfile profile, VenueCatalog venues) {}
