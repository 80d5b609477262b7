package dev.luna.api.runs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.luna.api.web.ServerTest;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class RunEventsIT extends ServerTest {

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

            assertThat(event).startsWith("id:completed-").contains("data:{\"id\":" + ended + ",");
            end(large);
            byte[] all = asleep.getInputStream().readAllBytes();
            assertThat(new String(all, all.length - 5, 5, StandardCharsets.US_ASCII))
                    .as("the end of a stream that was not cut")
                    .isEqualTo("0\r\n\r\n");
        }
    }

    private Socket watch(long run) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(65536);
        socket.connect(new InetSocketAddress("127.0.0.1", port()));
        socket.getOutputStream()
                .write("GET /runs/%d/events HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                        .formatted(run)
                        .getBytes(StandardCharsets.US_ASCII));
        return socket;
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
