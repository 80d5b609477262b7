package dev.luna.batch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** What a command says of its failures while its process ends. */
class InterruptionTest {

    private static final String CONNECTION_FAILURE = "08006";

    @Test
    void aProcessThatEndsTellsOfNoConnectionsThatItLost() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        EndingProcess.class.getName())
                .redirectErrorStream(true)
                .start();

        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).as(output).isZero();
        assertThat(output).isEqualToNormalizingNewlines("""
                luna: the database cannot be used: gone; see that it runs, and check SPRING_DATASOURCE_URL, \
                SPRING_DATASOURCE_USERNAME and SPRING_DATASOURCE_PASSWORD
                luna: interrupted
                """);
    }

    /** Fails once before it ends and once while it ends. */
    static final class EndingProcess {

        private EndingProcess() {}

        public static void main(String[] arguments) {
            fail();
            Runtime.getRuntime().addShutdownHook(new Thread(EndingProcess::fail));
        }

        private static void fail() {
            CommandLine command = LunaCommand.commandLine().setErr(new PrintWriter(System.err, true));
            new CommandFailure()
                    .handleExecutionException(
                            new IllegalStateException(new SQLException("gone", CONNECTION_FAILURE)),
                            command,
                            command.parseArgs());
        }
    }
}
