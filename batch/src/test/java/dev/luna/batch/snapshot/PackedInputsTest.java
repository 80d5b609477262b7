package dev.luna.batch.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackedInputsTest {

    @TempDir
    private Path directory;

    @Test
    void rowsComeBackWhereverTheyLie() throws Exception {
        int users = 3000;
        PackedInputs packed;
        // 4 KiB segments and rows of up to 2.4 KiB: about every second row meets a border.
        try (PackedInputs.Builder builder = new PackedInputs.Builder(directory, users, 12)) {
            Random random = new Random(5);
            for (int user = 0; user < users; user++) {
                builder.add(entries(user, random.nextInt(100)), entries(-user, random.nextInt(100)));
            }
            packed = builder.build();
        }

        Random again = new Random(5);
        for (int user = 0; user < users; user++) {
            int venues = again.nextInt(100);
            int friends = again.nextInt(100);
            assertThat(packed.venues(user)).isEqualTo(venues);
            assertThat(packed.friends(user)).isEqualTo(friends);
            int[] venue = new int[venues + 1];
            int[] likes = new int[venues + 1];
            int[] seconds = new int[venues + 1];
            packed.copyVenues(user, venue, likes, seconds, 1);
            int[] friend = new int[friends + 1];
            double[] strength = new double[friends + 1];
            packed.copyFriends(user, friend, strength, 1);
            for (int i = 0; i < venues; i++) {
                assertThat(new int[] {venue[i + 1], likes[i + 1], seconds[i + 1]})
                        .containsExactly(user + i, i, ~i);
            }
            for (int i = 0; i < friends; i++) {
                assertThat(friend[i + 1]).isEqualTo(i - user);
                assertThat(Double.doubleToRawLongBits(strength[i + 1])).isEqualTo(((long) i << 32) | ~i & 0xFFFF_FFFFL);
            }
        }
    }

    @Test
    void aRowMayBeLargerThanWhatIsWrittenAtOnce() throws Exception {
        int many = 90_000; // of 12 bytes, more than 1 MiB
        try (PackedInputs.Builder builder = new PackedInputs.Builder(directory, 3)) {
            builder.add(entries(0, 1), entries(0, 2));
            builder.add(entries(0, many), entries(0, 3));
            builder.add(entries(0, 4), entries(0, 5));
            PackedInputs packed = builder.build();

            assertThat(new int[] {packed.venues(0), packed.venues(1), packed.venues(2)})
                    .containsExactly(1, many, 4);
            assertThat(new int[] {packed.friends(0), packed.friends(1), packed.friends(2)})
                    .containsExactly(2, 3, 5);
        }
    }

    @Test
    void aRowThatNoSegmentHoldsIsRefused() throws Exception {
        try (PackedInputs.Builder builder = new PackedInputs.Builder(directory, 2, 11)) {
            // With their counts the whole 2,048 bytes.
            builder.add(entries(0, 169), entries(0, 1));

            assertThatThrownBy(() -> builder.add(entries(0, 170), entries(0, 1)))
                    .hasMessage("the user at position 1 has 2040 bytes of venues and 12 of friends; "
                            + "expected at most 2048 in all");
        }
    }

    @Test
    void nothingIsLeftInTheDirectory() throws Exception {
        try (PackedInputs.Builder builder = new PackedInputs.Builder(directory, 1)) {
            builder.add(entries(0, 1), entries(0, 1));
            PackedInputs packed = builder.build();

            assertThat(directory).isEmptyDirectory();
            assertThat(packed.venues(0)).isEqualTo(1);
        }
    }

    private static ByteBuffer entries(int first, int n) {
        ByteBuffer bytes = ByteBuffer.allocate(n * PackedInputs.ENTRY_BYTES);
        for (int i = 0; i < n; i++) {
            bytes.putInt(first + i).putInt(i).putInt(~i);
        }
        return bytes.flip();
    }
}
