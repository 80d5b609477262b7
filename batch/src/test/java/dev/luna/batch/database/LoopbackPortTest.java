package dev.luna.batch.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class LoopbackPortTest {

    @Test
    void aPortIsNotOneThatAnOutgoingConnectionMayTake() throws IOException {
        int port = LoopbackPort.free();

        assertThat(port).isBetween(LoopbackPort.FIRST, LoopbackPort.LAST);
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            assertThat(LoopbackPort.isFree(socket.getLocalPort())).isFalse();
        }
    }
}
