package dev.luna.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.luna.batch.database.TestDatabase;
import dev.luna.batch.run.Eventually;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Servers that do not come up, or not yet, in processes of their own. */
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

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            luna.schedule.time-zone=Mars    | luna.schedule.time-zone is 'Mars'; expected a zone such as Europe/Berlin or UTC
            luna.scoring.spatial-weight=-1  | luna.scoring.spatial-weight is -1.0; expected a number of at least 0 and at most 1.0E9
            """)
    void aRefusedSettingIsAllThatIsSaid(String setting, String sentence) throws Exception {
        Ended server = serve("server.port=0", setting);

        assertThat(server.exitCode).isEqualTo(2);
        assertThat(server.output).isEqualToIgnoringNewLines("luna: " + sentence);
    }

    @Test
    void aDemoThatIsToldToEndWhileItStartsItsRunTellsOfNoFailure() throws Exception {
        TestDatabase own = TestDatabase.migrated();
        own.jdbc().sql("""
                        create function wait_for_test() returns trigger language plpgsql as
                        $$ begin perform pg_advisory_xact_lock(1); return null; end $$
                        """).update();
        own.jdbc()
                .sql("create trigger wait_for_test before insert on run execute function wait_for_test()")
                .update();
        try (Connection holder = own.dataSource().getConnection()) {
            holder.createStatement().execute("select pg_advisory_lock(1)");
            Process demo = start(own, "demo", "server.port=0");
            Eventually.holds(
                    "it starts its run",
                    () -> own.jdbc()
                            .sql("select exists (select from pg_locks where locktype = 'advisory' and not granted)")
                            .query(Boolean.class)
                            .single());

            demo.toHandle().destroy();

            Ended ended = end(demo);
            assertThat(ended.exitCode).as(ended.output).isEqualTo(143);
            assertThat(ended.output).doesNotContain("luna:", "Exception");
        }
    }

    private record Ended(int exitCode, String output) {}

    private static Ended serve(String... settings) throws IOException, InterruptedException {
        return end(start(database, "serve", settings));
    }

    private static Process start(TestDatabase database, String verb, String... settings) throws IOException {
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
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), LunaServer.class.getName(), verb));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    private static Ended end(Process process) throws IOException, InterruptedException {
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), output);
    }
}
