/**
 * Recommendations: where to go, and with whom. Stored rankings of the published run answer when they provably can; the
 * same scoring code answers live when they cannot. How a read goes:
 *
 * <ol>
 *   <li>It is asked. {@link OrdinaryReads} takes the venues that nearly all clients ask for, as {@link OrdinaryQuestion}
 *       reads them; everything else comes to a controller, as {@link RecoController}. A {@link VenueQuestion} or {@link
 *       CompanionQuestion} is a {@link PagedQuestion}: its {@link PageEnd} is where the page before ended, and it stays with
 *       one run, a {@link PinnedRun}. For {@link KnownAnswers}, those a client has, the freshness alone is read.
 *   <li>The tables are read. {@link PublishedReads} has what the run stored for a user and whether the user has changed
 *       since: mostly by {@link KnownRunReads}, several users at once by a {@link Coalescer}. {@link GroupReads} has a
 *       group's members, {@link LiveInputs} what users did by now. What was seen of the run and the venues is a {@link
 *       ReadState}, the user a {@link Person}.
 *   <li>The venues are in memory. {@link VenueIndexes} has a {@link VenueIndex} that shows at least that state, or lets
 *       {@link VenueIndexLoader} read one into {@link VenueColumns}: the venues of now with their {@link VenueDetails} and
 *       {@link VenueTexts}, and the {@link Generation} of a run as {@link RunVenues}, by which its rankings are read.
 *   <li>Some are filtered out. {@link FilterFields} become a {@link VenueFilter}, over an index {@link FilteredVenues}, and
 *       for a user {@link QualifyingVenues}; by {@link FacetBits} many are left out at once.
 *   <li>It is decided. {@link VenueRecommendations} answers from a {@link StoredVenueRanking} or scores live, {@link
 *       CompanionRecommendations} by {@link LiveCompanions}; {@link BatchRecommendations} does so for many users. {@link
 *       GroupRecommendations} and {@link VenueReasons} always score live, {@link VenuesWithPeople} puts venues and companions
 *       together. {@link Attempts} begin again when what was read is not of one moment.
 *   <li>It is told. An {@link Answer} has the {@link RecommendedVenue}s or the like; {@link VenueJson} writes ordinary ones.
 *       {@link RankingHeaders} say where it comes from and, by {@link CacheLifetime}, how long it holds.
 * </ol>
 */
@NullMarked
package dev.luna.api.reco;

import org.jspecify.annotations.NullMarked;
