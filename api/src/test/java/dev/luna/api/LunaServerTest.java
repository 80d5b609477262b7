package dev.luna.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.boot.web.server.WebServerException;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.context.ApplicationContextException;
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
    void everyVerbTellsTheVersion() {
        assertThat(command.execute("--version")).isZero();
        assertThat(command.execute("serve", "--version")).isZero();
        assertThat(command.execute("demo", "--version")).isZero();
        assertThat(out.toString().lines()).hasSize(3).allMatch(line -> line.startsWith("luna "));
    }

    @Test
    void withoutAVerbOrWithAnotherUsageIsShown() {
        assertThat(command.execute()).isEqualTo(2);
        assertThat(command.execute("dance")).isEqualTo(2);
        assertThat(err.toString()).contains("serve or demo", "dance");
    }

    @Test
    void anArgumentThatBeginsWithAnAtSignIsNoFileOfArguments(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("arguments"), "--help");

        assertThat(command.execute("@" + file)).isEqualTo(2);
        assertThat(err.toString()).contains("'@" + file + "'");
    }

    @Test
    void aTakenPortIsSaidInOneSentence() {
        Exception failure = new RuntimeException(new PortInUseException(8080));

        int exitCode = new StartFailure().handleExecutionException(failure, command, null);

        assertThat(exitCode).isEqualTo(1);
        assertThat(err.toString()).startsWith("luna: port 8080 is in use").hasLineCount(1);
    }

    @Test
    void aTemporaryDirectoryThatCannotBeWrittenIsSaidInOneSentence() {
        Exception failure = new ApplicationContextException(
                "Unable to start web server",
                new WebServerException("Unable to create tempDir. java.io.tmpdir is set to /proc", null));

        assertThat(new StartFailure().handleExecutionException(failure, command, null))
                .isEqualTo(1);
        assertThat(err.toString())
                .startsWith("luna: cannot make a directory in " + System.getProperty("java.io.tmpdir"))
                .contains("; set -Djava.io.tmpdir to ")
                .hasLineCount(1);
    }

    /** Boot wraps errors so. */
    @Test
    void anErrorIsToldWithItsTrace() {
        Exception failure = new IllegalStateException(new NoClassDefFoundError("org/example/Gone"));

        int exitCode = new StartFailure().handleExecutionException(failure, command, null);

        assertThat(exitCode).isEqualTo(1);
        assertThat(err.toString()).startsWith("luna: unexpected failure").contains("Gone", "\tat ");
    }

    @ParameterizedTest
    @ValueSource(ints = {-5, 65_536, 99_999})
    void aPortOutOfRangeIsSaidInOneSentence(int port) {
        ServerProperties settings = new ServerProperties();
        settings.setPort(port);

        assertThat(exitCodeOfAStartWith(settings)).isEqualTo(2);
        assertThat(err.toString())
                .startsWith("luna: server.port is %d; expected a number from 0".formatted(port))
                .hasLineCount(1);
    }

    @Test
    void anAddressOfAnotherMachineIsSaidInOneSentence() throws UnknownHostException {
        ServerProperties settings = new ServerProperties();
        // Reserved for documentation (RFC 5737), so nobody's.
        settings.setAddress(InetAddress.getByName("192.0.2.1"));

        assertThat(exitCodeOfAStartWith(settings)).isEqualTo(1);
        assertThat(err.toString())
                .startsWith("luna: server.address is 192.0.2.1; expected an address of this machine")
                .hasLineCount(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.0.0.2", "0.0.0.0"})
    void addressesOfThisMachineAreListenedAt(String address) throws UnknownHostException {
        ServerProperties settings = new ServerProperties();
        settings.setPort(65_535);
        settings.setAddress(InetAddress.getByName(address));

        assertThatCode(() -> new ListenAddress(settings).customize(new TomcatServletWebServerFactory()))
                .doesNotThrowAnyException();
    }

    /** As of {@code SERVER_ADDRESS=}: Tomcat would listen at every address of the machine. */
    @Test
    void anEmptyAddressIsNotEveryAddress() {
        assertThat(exitCodeOfAStartWith(new ServerProperties())).isEqualTo(2);
        assertThat(err.toString())
                .startsWith("luna: server.address is empty; expected an address of this machine")
                .hasLineCount(1);
    }

    private int exitCodeOfAStartWith(ServerProperties settings) {
        Throwable refusal =
                catchThrowable(() -> new ListenAddress(settings).customize(new TomcatServletWebServerFactory()));
        // As Spring wraps it.
        Exception failure = new ApplicationContextException("Unable to start web server", refusal);
        return new StartFailure().handleExecutionException(failure, command, null);
    }
}
