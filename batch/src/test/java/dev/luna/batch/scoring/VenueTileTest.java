package dev.luna.batch.scoring;

import static dev.luna.batch.scoring.World.few;
import static dev.luna.batch.scoring.World.near;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class VenueTileTest {

    @Test
    void boundsHoldForUsersAtTheDoorOfAVenue() {
        // In a cell this wide cancellation makes the distance of a user to a venue next to him inexact; the
        // bounds must cover that.
        ScoringProfile profile = ScoringProfile.standard();
        SpatialBound bound = new SpatialBound(profile.decayPerKm());
        for (long seed = 1; seed <= 5; seed++) {
            VenueCatalog catalog = World.of(seed, 300, near(48.2, 16.37, 9), few(), 0, near(0, 0, 1), 0)
                    .catalog();
            HomeVectors homes = new HomeVectors();
            double[] lat = new double[300];
            double[] lng = new double[300];
            for (int v = 0; v < 300; v++) {
                // A tenth of a millimetre off: there the root makes the most of an error of the square.
                lat[v] = catalog.latDegrees(v) + 1e-9;
                lng[v] = catalog.lngDegrees(v);
            }
            homes.set(lat, lng, 0, 300);
            HomeVectors.Ball ball = new HomeVectors.Ball();
            homes.cover(0, 300, ball);
            CandidateSearch candidates = new CandidateSearch(
                    catalog, new VenueTree(catalog), new PopularityOrder(catalog, profile), bound, profile);
            candidates.find(ball.x, ball.y, ball.z, ball.radius, 300, null);
            assertThat(candidates.count()).isEqualTo(300);
            VenueTile tile = new VenueTile(catalog, bound, profile);
            tile.columns(ball.x, ball.y, ball.z, ball.radius, candidates);
            for (int from = 0; from < 300; from += 100) {
                tile.multiply(homes, from, from + 100);
                for (int user = from; user < from + 100; user++) {
                    tile.boundRow(user - from);
                    for (int v = 0; v < 300; v++) {
                        double km = Sphere.distanceKm(
                                homes.x[user], homes.y[user], homes.z[user], catalog.x[v], catalog.y[v], catalog.z[v]);
                        double score = Scores.venue(profile, Scores.spatial(profile, km), 0, catalog.popularity(v));
                        assertThat(tile.lower()[v])
                                .as("seed %d, user %d, venue %d", seed, user, v)
                                .isLessThanOrEqualTo(score)
                                .isGreaterThan(score - 1e-5);
                        assertThat(tile.upper()[v])
                                .as("seed %d, user %d, venue %d", seed, user, v)
                                .isGreaterThanOrEqualTo(score)
                                .isLessThan(score + 1e-5);
                    }
                }
            }
        }
    }
}
