package dev.luna.batch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProgressDisplayTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @Test
    void awayFromATerminalAPhaseIsALineAndSoIsEachTenthOfIt() {
        try (ProgressDisplay progress = ProgressDisplay.on(0, new PrintStream(out, true, StandardCharsets.UTF_8))) {
            progress.show("reading", 0, 1000);
            for (int done = 1; done <= 250; done++) {
                progress.show("reading", done, 1000);
            }
            progress.show("checking", 0, 0);
            progress.show("checking", 5, 0);
        }

        assertThat(out.toString(StandardCharsets.UTF_8).lines())
                .containsExactly("reading", "reading: 10 %", "reading: 20 %", "checking");
    }

    @ParameterizedTest
    @ValueSource(ints = {60, 80, 200})
    void onATerminalBarsFitItsWidth(int columns) {
        try (ProgressDisplay progress =
                ProgressDisplay.on(columns, new PrintStream(out, true, StandardCharsets.UTF_8))) {
            progress.show("writing user_venue_interactions.csv.gz", 0, 123_456_789);
            progress.show("writing user_venue_interactions.csv.gz", 12_345_678, 123_456_789);
        }

        assertThat(out.toString(StandardCharsets.UTF_8)).contains("[", "]", "\r");
        assertThat(out.toString(StandardCharsets.UTF_8).split("[\r\n]+"))
                .allSatisfy(line -> assertThat(line).hasSizeLessThan(columns));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 20, 59})
    void aTerminalThatIsTooNarrowForABarGetsLines(int columns) {
        try (ProgressDisplay progress =
                ProgressDisplay.on(columns, new PrintStream(out, true, StandardCharsets.UTF_8))) {
            progress.show("reading", 0, 1000);
            progress.show("reading", 250, 1000);
        }

        assertThat(out.toString(StandardCharsets.UTF_8).lines()).containsExactly("reading", "reading: 20 %");
    }

    /** Others write beside it meanwhile, such as what a run will take of the machine. */
    @Test
    void whileHowMuchThereIsIsUnknownNoLineIsLeftOpen() {
        PrintStream terminal = new PrintStream(out, true, StandardCharsets.UTF_8);
        try (ProgressDisplay progress = ProgressDisplay.on(80, terminal)) {
            progress.show("snapshot", 0, 0);
            progress.show("snapshot", 0, 0);
            terminal.println("a notice");
            progress.show("scoring", 0, 0);
            progress.show("scoring", 5, 10);
        }

        assertThat(out.toString(StandardCharsets.UTF_8).lines().toList())
                .startsWith("snapshot", "a notice", "scoring")
                .anyMatch(line -> line.startsWith("scoring") && line.contains("5/10"));
    }

    @Test
    void thisProcessHasNoTerminal() {
        assertThat(ProgressDisplay.columns()).isZero();
    }
}
