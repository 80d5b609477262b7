package dev.luna.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.luna.batch.database.TestDatabase;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Servers that do not come up, in processes of their own. */
class RefusedStartIT {

    private static final TestDatabase database = TestDatabase.migrated();

    @Test
    void aServerWhosePortIsTakenLeavesTheScheduleAlone() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Ended server = serve("server.port=" + other.getLocalPort());

            assertThat(server.exitCode).as(server.output).isEqualTo(1);
            assertThat(server.output).contains("luna: port " + other.getLocalPort() + " is in use");
            assertThat(server.output).hasLineCount(1);
        }
        assertThat(database.jdbc()
                        .sql(
                                "select trigger_name from qrtz_triggers where trigger_name in ('full', 'refresh', 'recovery')")
                        .query(String.class)
                        .list())
                .isEmpty();
    }

    @Test
    void aRefusedSettingIsAllThatIsSaid() throws Exception {
        Ended server = serve("server.port=0", "luna.schedule.time-zone=Mars");

        assertThat(server.exitCode).isEqualTo(2);
        assertThat(server.output)
                .isEqualToIgnoringNewLines("luna: luna.schedule.time-zone is 'Mars'; expected a value of type ZoneId");
    }

    private record Ended(int exitCode, String output) {}

    private static Ended serve(String... settings) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-Dspring.datasource.url=" + database.url(),
                "-Dspring.datasource.username=" + database.username(),
                "-Dspring.datasource.password=" + database.password(),
                "-Dlogging.level.root=warn"));
        for (String setting : settings) {
            command.add("-D" + setting);
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), LunaServer.class.getName(), "serve"));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), output);
    }
}
