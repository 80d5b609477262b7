package dev.luna.api.reco;

import dev.luna.batch.scoring.ScoringProfile;
import dev.luna.batch.scoring.VenueCatalog;

/**
 * What a run's rankings are written in: its venue dictionary with its likes, and its profile. Immutable.
 *
 * @param venues venueIndex = {@code venue_no} of the run's packed rankings
 */
record Generation(long runId, ScoringProfile profile, VenueCatalog venues) {}
