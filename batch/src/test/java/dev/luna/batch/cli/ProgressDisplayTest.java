package dev.luna.batch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ProgressDisplayTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @Test
    void awayFromATerminalAPhaseIsALineAndSoIsEachTenthOfIt() {
        try (ProgressDisplay progress = ProgressDisplay.plain(new PrintStream(out, true, StandardCharsets.UTF_8))) {
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
}
