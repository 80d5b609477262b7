package dev.luna.batch.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlanOrderTest {

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 8, 9, 16, 17, 100, 1023, 1024, 1025})
    void everyUserHasOnePositionAndThoseWithoutHomeComeLastByIndex(int users) {
        Random random = new Random(users);
        double[] lat = new double[users];
        double[] lng = new double[users];
        int homes = 0;
        for (int user = 0; user < users; user++) {
            boolean hasHome = random.nextInt(4) > 0;
            lat[user] = hasHome ? random.nextDouble() * 180 - 90 : Double.NaN;
            lng[user] = hasHome ? random.nextDouble() * 360 - 180 : Double.NaN;
            homes += hasHome ? 1 : 0;
        }
        int[] order = PlanOrder.of(lat, lng);
        for (int position = 0; position < users; position++) {
            assertThat(Double.isNaN(lat[order[position]])).isEqualTo(position >= homes);
        }
        assertThat(Arrays.copyOfRange(order, homes, users)).isSorted();
        assertThat(order).isEqualTo(PlanOrder.of(lat.clone(), lng.clone()));
        Arrays.sort(order);
        for (int user = 0; user < users; user++) {
            assertThat(order[user]).isEqualTo(user);
        }
    }

    @Test
    void usersAtOnePlaceStandByIndex() {
        int[] order = PlanOrder.of(new double[40], new double[40]);
        assertThat(order).isSorted().hasSize(40);
    }

    @Test
    void blocksOfNeighboursAreCompactInSpace() {
        // 4096 users spread evenly over a square of 8 by 8 degrees: 64 nodes of 64 users share it, so a node
        // covers about 1 by 1 degree if the order is any good. Random order would span nearly all of the square.
        Random random = new Random(5);
        int users = 4096;
        double[] lat = random.doubles(users, -4, 4).toArray();
        double[] lng = random.doubles(users, -4, 4).toArray();
        int[] order = PlanOrder.of(lat, lng);
        for (int from = 0; from < users; from += 64) {
            double south = 90;
            double north = -90;
            double west = 180;
            double east = -180;
            for (int position = from; position < from + 64; position++) {
                south = Math.min(south, lat[order[position]]);
                north = Math.max(north, lat[order[position]]);
                west = Math.min(west, lng[order[position]]);
                east = Math.max(east, lng[order[position]]);
            }
            assertThat((north - south) * (east - west))
                    .as("area of block at %d", from)
                    .isLessThan(2.5);
            assertThat(Math.max(north - south, east - west))
                    .as("side of block at %d", from)
                    .isLessThan(2.5);
        }
    }

    @Test
    void refusesCoordinatesThatDoNotPair() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PlanOrder.of(new double[2], new double[3]))
                .withMessageContaining("3 longitudes for 2 latitudes");
    }
}
