package dev.luna.batch.scoring;

import static dev.luna.batch.scoring.World.few;
import static dev.luna.batch.scoring.World.homeless;
import static dev.luna.batch.scoring.World.near;
import static dev.luna.batch.scoring.World.oneOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RankingCodecTest {

    private static final ScoringProfile STANDARD = ScoringProfile.standard();
    private static final World WORLD = World.of(4, 80, near(1, 1, 5), few(), 90, oneOf(near(1, 1, 5), homeless()), 9);
    private static final long[] HALVES = new long[2 * 90];
    private static final UuidArray IDS = UuidArray.of(HALVES);

    static {
        for (int user = 0; user < 90; user++) {
            HALVES[2 * user] = 0xA000_0000_0000_0000L + user;
            HALVES[2 * user + 1] = ~user;
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("dev.luna.batch.scoring.VenueRankerTest#profiles")
    void venueRankingsComeBackToSixDigits(String name, ScoringProfile profile) {
        VenueRankingCodec codec = new VenueRankingCodec(WORLD.catalog(), profile);
        rankAll(profile, (row, ranking) -> {
            byte[] packed = codec.encode(ranking);
            assertThat(packed).hasSize(16 * ranking.size());
            assertThat(codec.size(packed)).isEqualTo(ranking.size());
            List<RankedVenue> decoded = codec.decode(packed, 1000);
            for (int i = 0; i < ranking.size(); i++) {
                RankedVenue venue = decoded.get(i);
                assertThat(venue.venueIndex()).isEqualTo(ranking.venue(i));
                assertThat(venue.score()).isCloseTo(ranking.score(i), rounded(ranking.score(i)));
                assertThat(venue.spatial()).isCloseTo(ranking.spatial(i), within(1e-6));
                assertThat(venue.preference()).isCloseTo(ranking.preference(i), rounded(ranking.preference(i)));
                assertThat(venue.popularity()).isEqualTo(ranking.popularity(i));
                if (Double.isNaN(ranking.distanceKm(i))) {
                    assertThat(venue.distanceKm()).isNaN();
                    assertThat(venue.spatial()).isZero();
                } else {
                    assertThat(venue.distanceKm()).isCloseTo(ranking.distanceKm(i), within(1e-5));
                }
            }
            assertThat(codec.decode(packed, 3)).isEqualTo(decoded.subList(0, 3));
        });
    }

    @Test
    void venueBytesAreThoseTheSchemaDocuments() {
        VenueRanking ranking = new VenueRanking();
        ranking.clear(1);
        ranking.size = 1;
        ranking.venue[0] = 0x0102;
        ranking.score[0] = 1.5; // float bits 3fc00000
        ranking.distanceKm[0] = Double.NaN; // 7fc00000
        ranking.preference[0] = 0.25; // 3e800000
        assertThat(HexFormat.of().formatHex(new VenueRankingCodec(WORLD.catalog(), STANDARD).encode(ranking)))
                .isEqualTo("00000102" + "3fc00000" + "7fc00000" + "3e800000");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("dev.luna.batch.scoring.VenueRankerTest#profiles")
    void companionRankingsComeBackToSixDigits(String name, ScoringProfile profile) {
        CompanionRankingCodec codec = new CompanionRankingCodec(WORLD.catalog(), profile);
        CompanionEncoder encoder = new CompanionEncoder(IDS);
        CompanionRanker.Worker worker =
                new CompanionRanker(WORLD.catalog(), WORLD.interactions(), WORLD.graph(), profile).newWorker();
        int[] venues = {5, 17, 3, 60};
        for (int row = 0; row < WORLD.users(); row++) {
            // Fewer in general than at venues, so that lists name friends of their own.
            CompanionRanking general = worker.rank(row, 3);
            List<RankedCompanion> generalList = general.toList();
            encoder.begin(general);
            List<List<RankedCompanion>> at = new ArrayList<>();
            worker.rankAt(row, venues, venues.length, 8, (venue, ranking) -> {
                at.add(ranking.toList());
                encoder.accept(venue, ranking);
            });
            byte[] packed = encoder.finish();
            assertSame(generalList, codec.decodeGeneral(packed, 100));
            for (int v = 0; v < venues.length; v++) {
                assertSame(at.get(v), codec.decodeAt(packed, venues[v], 100).orElseThrow());
                assertThat(codec.decodeAt(packed, venues[v], 2).orElseThrow())
                        .hasSize(Math.min(2, at.get(v).size()));
            }
            assertThat(codec.decodeAt(packed, 4, 100)).isEmpty();
        }
    }

    @Test
    void companionBytesAreThoseTheSchemaDocuments() {
        CompanionRanking general = new CompanionRanking();
        general.clear(1);
        general.add(7, 0.3, 0.5, 0, 0);
        CompanionRanking at = new CompanionRanking();
        at.clear(2);
        at.add(7, 0.7, 0.5, 1, 0.25);
        at.add(2, 0.7, 1, 0, 0.5);
        CompanionEncoder encoder = new CompanionEncoder(IDS);
        encoder.begin(general);
        encoder.accept(9, at);
        assertThat(HexFormat.of().formatHex(encoder.finish()))
                .isEqualTo("0002" + "0001" + "0001" // two friends, one of them in general, one venue
                        + "a000000000000007" + "fffffffffffffff8" + "3f000000" // friend 7, base 0.5
                        + "a000000000000002" + "fffffffffffffffd" + "3f800000" // friend 2, base 1
                        + "00000009" + "0002" // venue 9 with two entries
                        + "c000" + "3f800000" + "3e800000" // friend at place 0: direct 1, category 0.25
                        + "4001" + "3f000000"); // friend at place 1: category 0.5
    }

    @Test
    void manyFriendsFitUpToTheFormatsLimit() {
        int many = 16385;
        long[] halves = new long[2 * many];
        Arrays.setAll(halves, i -> i % 2 * (i / 2));
        CompanionRankingCodec codec = new CompanionRankingCodec(WORLD.catalog(), STANDARD);
        CompanionEncoder encoder = new CompanionEncoder(UuidArray.of(halves));
        CompanionRanking ranking = new CompanionRanking();
        ranking.clear(many);
        for (int i = 0; i < many - 1; i++) {
            ranking.add(many - 1 - i, 0.3, 0.5, 0, 0);
        }
        encoder.begin(ranking);
        encoder.accept(1, ranking);
        byte[] packed = encoder.finish();
        assertThat(codec.decodeGeneral(packed, many)).hasSize(16384);
        List<StoredCompanion> at = codec.decodeAt(packed, 1, many).orElseThrow();
        assertThat(at.get(16383).userId()).isEqualTo(new UUID(0, 1));
        ranking.add(0, 0.3, 0.5, 0, 0);
        assertThatIllegalStateException()
                .isThrownBy(() -> encoder.begin(ranking))
                .withMessageContaining("16384");
    }

    @Test
    void checksumsTellUsersAndRankingsApart() {
        VenueRankingCodec codec = new VenueRankingCodec(WORLD.catalog(), STANDARD);
        Set<Long> seen = new HashSet<>();
        rankAll(STANDARD, (row, ranking) -> {
            byte[] packed = codec.encode(ranking);
            seen.add(codec.checksum(IDS.high(row), IDS.low(row), packed));
            assertThat(codec.checksum(IDS.high(row), IDS.low(row), packed.clone()))
                    .isIn(seen);
            byte[] swapped = packed.clone();
            System.arraycopy(packed, 0, swapped, 16, 16);
            System.arraycopy(packed, 16, swapped, 0, 16);
            seen.add(codec.checksum(IDS.high(row), IDS.low(row), swapped));
            byte[] nudged = packed.clone();
            nudged[7] ^= 1; // the last bit of the first score
            seen.add(codec.checksum(IDS.high(row), IDS.low(row), nudged));
            seen.add(codec.checksum(IDS.low(row), IDS.high(row), packed));
        });
        assertThat(seen).hasSize(4 * WORLD.users());
    }

    @Test
    void companionChecksumsCoverEveryComponent() {
        CompanionRankingCodec codec = new CompanionRankingCodec(WORLD.catalog(), STANDARD);
        Set<Long> seen = new HashSet<>();
        for (double[] c : new double[][] {{0.5, 0, 0}, {0.25, 0, 0}, {0.5, 0.5, 0}, {0.5, 0, 0.5}}) {
            CompanionRanking ranking = new CompanionRanking();
            ranking.clear(1);
            ranking.add(1, 0, c[0], c[1], c[2]);
            CompanionEncoder encoder = new CompanionEncoder(IDS);
            for (int venue = 3; venue < 5; venue++) {
                encoder.begin(ranking);
                encoder.accept(venue, ranking);
                seen.add(codec.checksum(1, 2, encoder.finish()));
            }
        }
        assertThat(seen).hasSize(8);
    }

    @Test
    void damagedBytesAreRefused() {
        VenueRankingCodec venues = new VenueRankingCodec(WORLD.catalog(), STANDARD);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> venues.decode(new byte[15], 5))
                .withMessageContaining("15");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> venues.decode(HexFormat.of().parseHex("7f" + "00".repeat(15)), 5))
                .withMessageContaining("expected 0 to 79");
        CompanionRankingCodec companions = new CompanionRankingCodec(WORLD.catalog(), STANDARD);
        for (String hex :
                List.of("", "0001", "000100010000", "000000010000", "000000000001", "000000000001000000010001")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> companions.decodeAt(HexFormat.of().parseHex(hex), 3, 5))
                    .withMessageContaining("bytes");
        }
    }

    private static void rankAll(ScoringProfile profile, VenueRanker.Sink sink) {
        new VenueRanker(WORLD.catalog(), profile)
                .rank(WORLD.homeLat(), WORLD.homeLng(), WORLD.interactions(), 0, WORLD.users(), 20, null, sink);
    }

    private static void assertSame(List<RankedCompanion> expected, List<StoredCompanion> stored) {
        assertThat(stored).hasSameSizeAs(expected);
        for (int i = 0; i < stored.size(); i++) {
            RankedCompanion companion = expected.get(i);
            int user = companion.friendIndex();
            assertThat(stored.get(i).userId()).isEqualTo(IDS.id(user));
            assertThat(stored.get(i).score()).isCloseTo(companion.score(), rounded(companion.score()));
            assertThat(stored.get(i).base()).isCloseTo(companion.base(), rounded(companion.base()));
            assertThat(stored.get(i).direct()).isCloseTo(companion.direct(), rounded(companion.direct()));
            assertThat(stored.get(i).category()).isCloseTo(companion.category(), rounded(companion.category()));
        }
    }

    /** What storing a number as a float4 may move it by. */
    private static Offset<Double> rounded(double number) {
        return within(1e-7 * Math.max(1, number));
    }
}
