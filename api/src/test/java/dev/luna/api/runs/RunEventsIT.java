package dev.luna.api.runs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.luna.api.web.Http;
import dev.luna.api.web.ServerTest;
import dev.luna.batch.run.Eventually;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

class RunEventsIT extends ServerTest {

    @Autowired
    private DataSource dataSource;

    @Autowired
    private RunEvents events;

    @Test
    void whoStopsReadingHoldsUpNobody() throws IOException {
        long large = runningRun();
        // An event of more bytes than the kernel's buffers take.
        jdbc.sql("""
                        insert into run_partition (run_id, partition_no, first_position, end_position)
                        select ?, n, n, n + 1 from generate_series(0, 99999) n
                        """).param(large).update();
        long ended = runningRun();
        end(ended);

        try (Socket asleep = watch(large)) {
            // Its answer has begun, so it is told of from now on.
            assertThat((char) asleep.getInputStream().read()).isEqualTo('H');

            String event = http.get("/runs/" + ended + "/events").text();

            assertThat(event).contains("id:completed-", "data:{\"id\":" + ended + ",");
            end(large);
            byte[] all = asleep.getInputStream().readAllBytes();
            assertThat(new String(all, all.length - 5, 5, StandardCharsets.US_ASCII))
                    .as("the end of a stream that was not cut")
                    .isEqualTo("0\r\n\r\n");
        }
    }

    @Test
    void proxiesPassEventsOnAtOnceAndKeepNone() {
        long ended = runningRun();
        end(ended);

        Http.Answer events = http.get("/runs/" + ended + "/events");

        assertThat(events.header("X-Accel-Buffering")).contains("no");
        assertThat(events.header("Cache-Control")).contains("no-store");
    }

    @Test
    void aChangeIsToldAtOnce() throws IOException {
        long run = runningRun();

        try (Socket watcher = watch(run)) {
            readEvent(watcher);
            jdbc.sql("""
                            insert into run_partition (run_id, partition_no, first_position, end_position)
                            values (?, 0, 0, 9)
                            """).param(run).update();

            assertThat(readEvent(watcher)).contains("id:running-0", "data:{\"id\":" + run + ",");
            end(run);
            watcher.getInputStream().readAllBytes();
        }
    }

    @Test
    void whoComesLaterIsToldTheStateAtOnceToo() throws IOException {
        long run = runningRun();

        try (Socket first = watch(run)) {
            readEvent(first);
            try (Socket second = watch(run)) {
                assertThat(readEvent(second)).contains("id:running-0", "data:{\"id\":" + run + ",");
                end(run);
                second.getInputStream().readAllBytes();
            }
            first.getInputStream().readAllBytes();
        }
    }

    /** Browsers do not come back after an answer that says that there is no more. */
    @Test
    void whoComesBackToARunUnderWayIsAWatcherThoughHeKnowsItsState() throws IOException {
        long run = runningRun();

        try (Socket back = new Socket("127.0.0.1", port())) {
            send(
                    back,
                    "GET /runs/%d/events HTTP/1.1\r\nHost: localhost\r\nLast-Event-ID: running-0\r\nConnection: close\r\n\r\n"
                            .formatted(run));

            assertThat(readEvent(back)).contains("id:running-0", "data:{\"id\":" + run + ",");
            end(run);
            back.getInputStream().readAllBytes();
        }
    }

    @Test
    void afterAnOutageTheStateIsToldAgain() throws Exception {
        long run = runningRun();

        try (Socket watcher = watch(run)) {
            readEvent(watcher);
            try (Connection outage = dataSource.getConnection()) {
                outage.setAutoCommit(false);
                JdbcClient lock = JdbcClient.create(new SingleConnectionDataSource(outage, true));
                lock.sql("lock table run_partition in access exclusive mode").update();
                Eventually.holds(
                        "the look at the run was cut off",
                        () -> jdbc.sql("""
                                        select count(pg_cancel_backend(pid)) from pg_locks
                                        where relation = 'run_partition'::regclass and not granted
                                          and database = (select oid from pg_database where datname = current_database())
                                        """).query(Integer.class).single() > 0);
                outage.rollback();
            }

            assertThat(readEvent(watcher)).contains("id:running-0", "data:{\"id\":" + run + ",");
            end(run);
            watcher.getInputStream().readAllBytes();
        }
    }

    @Test
    void itStopsBetweenTheRunsAndTheServerThatWaitsForStreams(@Autowired @Qualifier("runWorker") SmartLifecycle runs) {
        assertThat(events.getPhase())
                .isLessThan(runs.getPhase())
                .isGreaterThan(WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE);
    }

    @Test
    void aServerThatStopsTellsLastHowItsRunsEnded() throws IOException {
        long run = runningRun();

        try (Socket watcher = watch(run)) {
            readEvent(watcher);
            end(run);
            events.stop();

            assertThat(readRest(watcher)).contains("id:completed-");
        } finally {
            events.start();
        }
    }

    @Test
    void whoComesWhileTheServerStopsIsNotKept() throws IOException {
        long run = runningRun();
        events.stop();

        try (Socket watcher = watch(run)) {
            assertThat(readRest(watcher)).startsWith("HTTP/1.1 200").doesNotContain("data:");
        } finally {
            events.start();
        }
    }

    @Test
    void whoAsksForTheHeadersOnlyIsNoWatcher() throws IOException {
        long run = runningRun();

        try (Socket client = new Socket("127.0.0.1", port())) {
            send(client, "HEAD /runs/" + run + "/events HTTP/1.1\r\nHost: localhost\r\n\r\n");
            send(client, "GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

            assertThat(readRest(client).split("HTTP/1.1 200"))
                    .hasSize(3)
                    .satisfies(answers -> assertThat(answers[1])
                            .contains("text/event-stream", "X-Accel-Buffering: no")
                            .doesNotContain("Transfer-Encoding"))
                    .satisfies(answers -> assertThat(answers[2]).contains("{"));
        }
    }

    /** Up to the end of the connection. */
    private static String readRest(Socket client) throws IOException {
        client.setSoTimeout(10_000);
        return new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    /** Up to the empty line after an event's data; what comes before it, comments too, is read with it. */
    private static String readEvent(Socket watcher) throws IOException {
        // Sooner than a comment comes on a quiet stream.
        watcher.setSoTimeout(10_000);
        StringBuilder event = new StringBuilder();
        while (event.indexOf("data:") < 0 || event.indexOf("\n\n", event.indexOf("data:")) < 0) {
            int character = watcher.getInputStream().read();
            assertThat(character).as(event.toString()).isNotNegative();
            event.append((char) character);
        }
        return event.toString();
    }

    private Socket watch(long run) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(65536);
        socket.connect(new InetSocketAddress("127.0.0.1", port()));
        send(socket, "GET /runs/%d/events HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".formatted(run));
        return socket;
    }

    private static void send(Socket client, String request) throws IOException {
        client.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    }

    private long runningRun() {
        return jdbc.sql("""
                        insert into run (kind, requested_by, profile, settings)
                        values ('full', 'elsewhere', '{}', '{}')
                        returning id
                        """).query(Long.class).single();
    }

    private void end(long run) {
        jdbc.sql("update run set state = 'completed', phase = 'done', finished_at = now() where id = ?")
                .param(run)
                .update();
    }
}
