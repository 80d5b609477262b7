package dev.luna.batch.database;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** TCP ports of the loopback interface. */
final class LoopbackPort {

    /**
     * Below those that Linux (from 32768) and macOS (from 49152) give to outgoing connections: one of them would keep a server
     * that was killed from coming back on its port.
     */
    static final int FIRST = 20_000;

    static final int LAST = 32_767;

    private static final int DRAWS = 1000;

    private LoopbackPort() {}

    /** A port that nobody listens on just now. */
    static int free() {
        for (int draw = 0; draw < DRAWS; draw++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, LAST + 1);
            if (isFree(port)) {
                return port;
            }
        }
        throw new DatabaseStartException("no free TCP port on loopback among %s to %s".formatted(FIRST, LAST));
    }

    static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            // Bound by somebody else: that is the answer, not an error.
            return false;
        }
    }
}
