package dev.luna.batch.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

/** The sample city is always the same and looks like one. */
class CityGeneratorTest {

    private static final City CITY = SampleCity.generate();

    private final Random random = new Random(1);

    @Test
    void theCityIsTheSameEveryTimeAndOnEveryJdk() {
        assertThat(SampleCity.generate()).isEqualTo(CITY);
        // Changes only with the generator itself.
        assertThat(checksum(CITY)).isEqualTo(498_040_205L);
    }

    @Test
    void anotherSeedIsAnotherCity() {
        assertThat(CityGenerator.generate(2, 50, 30, 2)).isNotEqualTo(CityGenerator.generate(3, 50, 30, 2));
    }

    @Test
    void itIsBigEnoughToLookAt() {
        assertThat(CITY.people()).hasSize(2_000);
        assertThat(CITY.venues()).hasSize(600);
        assertThat(CITY.interactions()).hasSizeBetween(30_000, 120_000);
        assertThat(CITY.edges()).hasSizeBetween(10_000, 40_000);
        assertThat(CITY.plans())
                .hasSize(24)
                .extracting(City.Plan::status)
                .contains("pending", "confirmed", "cancelled");
        assertThat(CITY.venues()).extracting(City.Venue::kind).contains(VenueKind.values());
    }

    @Test
    void handlesAndVenueNamesAreUnique() {
        assertThat(CITY.people()).extracting(City.Person::handle).doesNotHaveDuplicates();
        assertThat(CITY.venues()).extracting(City.Venue::name).doesNotHaveDuplicates();
    }

    @Test
    void someHaveNoHomeSomeNoFriendsAndSomeNeverWentOut() {
        assertThat(CITY.people().stream().filter(person -> person.home() == null))
                .hasSizeBetween(20, 120);
        assertThat(CITY.edges().stream().map(City.Edge::person).distinct()).hasSizeBetween(1_800, 1_999);
        assertThat(CITY.interactions().stream().map(City.Interaction::person).distinct())
                .hasSizeBetween(1_900, 1_999);
    }

    @Test
    void peopleLikeWhatIsNear() {
        List<Double> liked = new ArrayList<>();
        List<Double> any = new ArrayList<>();
        for (City.Interaction interaction : CITY.interactions()) {
            Place home = CITY.people().get(interaction.person()).home();
            if (interaction.type().equals("like") && home != null) {
                liked.add(home.distanceKm(CITY.venues().get(interaction.venue()).place()));
                any.add(home.distanceKm(
                        CITY.venues().get(random.nextInt(CITY.venues().size())).place()));
            }
        }

        assertThat(median(liked)).isLessThan(0.7 * median(any));
    }

    @Test
    void friendsLiveNearerAndShareMorePlacesThanStrangers() {
        BitSet[] visited = new BitSet[CITY.people().size()];
        Arrays.setAll(visited, person -> new BitSet());
        CITY.interactions().forEach(interaction -> visited[interaction.person()].set(interaction.venue()));
        double friends = 0;
        double strangers = 0;
        for (City.Edge edge : CITY.edges()) {
            friends += shared(visited[edge.person()], visited[edge.other()]);
            strangers += shared(visited[edge.person()], visited[random.nextInt(visited.length)]);
        }

        assertThat(friends).isGreaterThan(2 * strangers);
    }

    @Test
    void strengthGrowsWithWhatFriendsShare() {
        BitSet[] visited = new BitSet[CITY.people().size()];
        Arrays.setAll(visited, person -> new BitSet());
        CITY.interactions().forEach(interaction -> visited[interaction.person()].set(interaction.venue()));
        for (City.Edge edge : CITY.edges()) {
            boolean share = visited[edge.person()].intersects(visited[edge.other()]);
            if (!edge.type().equals("suggested")) {
                assertThat(edge.strength() > 0.3).isEqualTo(share);
                assertThat(edge.strength()).isBetween(0.3, 0.95);
            }
        }
    }

    private static int shared(BitSet a, BitSet b) {
        BitSet both = (BitSet) a.clone();
        both.and(b);
        return both.cardinality();
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
    }

    private static long checksum(City city) {
        CRC32 crc = new CRC32();
        ByteBuffer numbers = ByteBuffer.allocate(48);
        for (City.Person person : city.people()) {
            Place home = person.home() == null ? new Place(0, 0) : person.home();
            numbers.clear()
                    .putLong(person.id().getMostSignificantBits())
                    .putDouble(home.lat())
                    .putDouble(home.lng());
            crc.update(numbers.flip());
            crc.update(person.handle().getBytes(StandardCharsets.UTF_8));
        }
        for (City.Interaction interaction : city.interactions()) {
            numbers.clear()
                    .putLong(interaction.id().getLeastSignificantBits())
                    .putInt(interaction.person())
                    .putInt(interaction.venue())
                    .putLong(interaction.createdAt().getEpochSecond());
            crc.update(numbers.flip());
        }
        for (City.Edge edge : city.edges()) {
            numbers.clear().putInt(edge.person()).putInt(edge.other()).putDouble(edge.strength());
            crc.update(numbers.flip());
        }
        return crc.getValue();
    }
}
