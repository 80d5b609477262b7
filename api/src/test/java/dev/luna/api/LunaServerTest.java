package dev.luna.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.springframework.boot.web.server.PortInUseException;
import picocli.CommandLine;

class LunaServerTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final CommandLine command =
            LunaServer.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));

    @Test
    void helpNamesTheVerbsAndTheEnvironment() {
        assertThat(command.execute("--help")).isZero();
        assertThat(out.toString()).contains("serve", "demo", "SERVER_PORT", "LUNA_HOME", "SPRING_DATASOURCE_URL");
    }

    @Test
    void everyVerbHasHelp() {
        assertThat(command.execute("serve", "--help")).isZero();
        assertThat(command.execute("demo", "--help")).isZero();
        assertThat(out.toString())
                .contains("luna serve", "luna demo", "130   stopped by Ctrl-C", "143   ended by SIGTERM");
    }

    @Test
    void withoutAVerbOrWithAnotherUsageIsShown() {
        assertThat(command.execute()).isEqualTo(2);
        assertThat(command.execute("dance")).isEqualTo(2);
        assertThat(err.toString()).contains("serve or demo", "dance");
    }

    @Test
    void aTakenPortIsSaidInOneSentence() {
        Exception failure = new RuntimeException(new PortInUseException(8080));

        int exitCode = new StartFailure().handleExecutionException(failure, command, null);

        assertThat(exitCode).isEqualTo(1);
        assertThat(err.toString()).startsWith("luna: port 8080 is in use").hasLineCount(1);
    }
}
