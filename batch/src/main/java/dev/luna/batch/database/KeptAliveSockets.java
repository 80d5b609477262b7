package dev.luna.batch.database;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketOption;
import java.util.Map;
import javax.net.SocketFactory;
import jdk.net.ExtendedSocketOptions;

/**
 * Sockets of the database's connections: who waits for an answer notices within 30 seconds that the other side is gone
 * without a word: a host without power, a firewall that forgot the connection, an address that moved to a standby. Who waits
 * for a long statement would otherwise wait for ever, for systems look after two hours if at all, and would keep its lease
 * meanwhile. On systems that have no such options it is two hours.
 *
 * <p>That holds while all that was sent is acknowledged. What is under way when the other side goes is sent again until TCP
 * gives up, on Linux after some 15 minutes ({@code net.ipv4.tcp_retries2}), which Java cannot shorten. Named in
 * {@code luna-defaults.properties}. Thread-safe.
 */
public final class KeptAliveSockets extends SocketFactory {

    /** Seconds of silence before the first question, seconds between questions, and how many without an answer are enough. */
    private static final Map<SocketOption<Integer>, Integer> OPTIONS = Map.of(
            ExtendedSocketOptions.TCP_KEEPIDLE, 10,
            ExtendedSocketOptions.TCP_KEEPINTERVAL, 5,
            ExtendedSocketOptions.TCP_KEEPCOUNT, 4);

    @Override
    public Socket createSocket() throws IOException {
        Socket socket = new Socket();
        socket.setKeepAlive(true);
        for (Map.Entry<SocketOption<Integer>, Integer> option : OPTIONS.entrySet()) {
            if (socket.supportedOptions().contains(option.getKey())) {
                socket.setOption(option.getKey(), option.getValue());
            }
        }
        return socket;
    }

    /** Not used: the driver connects by itself. */
    @Override
    public Socket createSocket(String host, int port) {
        throw new UnsupportedOperationException("sockets are created unconnected");
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
        return createSocket(host, port);
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
        return createSocket(host.getHostName(), port);
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort) {
        return createSocket(host, port);
    }
}
