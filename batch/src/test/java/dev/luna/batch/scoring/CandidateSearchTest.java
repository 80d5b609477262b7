package dev.luna.batch.scoring;

import static dev.luna.batch.scoring.World.equal;
import static dev.luna.batch.scoring.World.near;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CandidateSearchTest {

    @ParameterizedTest
    @ValueSource(ints = {300, 400, 1000, 2000})
    void farFromEveryVenueNearnessStillLeavesMostOut(int km) {
        // Nobody has liked a venue yet, so only nearness tells them apart.
        ScoringProfile profile = ScoringProfile.standard();
        VenueCatalog catalog = World.of(1, 5000, near(0, 0, 100), equal(0), 0, near(0, 0, 1), 0)
                .catalog();
        double lat = Math.toDegrees(km / Sphere.RADIUS_KM);
        CandidateSearch candidates = new CandidateSearch(
                catalog,
                new VenueTree(catalog),
                new PopularityOrder(catalog, profile),
                new SpatialBound(profile.decayPerKm()),
                profile);

        candidates.find(Sphere.x(lat, 0), Sphere.y(lat, 0), Sphere.z(lat), 0, 50, null);

        assertThat(candidates.count()).isBetween(50, 60);
    }
}
