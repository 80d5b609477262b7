package dev.luna.api;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.web.server.ConfigurableWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.stereotype.Component;

/** Refuses a port or an address at which no server can listen; Tomcat's own failure names neither setting. */
@Component
final class ListenAddress implements WebServerFactoryCustomizer<ConfigurableWebServerFactory> {

    private static final int MAX_PORT = 65_535;

    private final @Nullable Integer port;
    private final @Nullable InetAddress address;

    ListenAddress(ServerProperties properties) {
        port = properties.getPort();
        address = properties.getAddress();
    }

    /**
     * @throws IllegalArgumentException when the port is out of range or there is no address
     * @throws UnusableAddressException when the address is not one of this machine
     */
    @Override
    public void customize(ConfigurableWebServerFactory factory) {
        if (port != null && (port < 0 || port > MAX_PORT)) {
            throw new IllegalArgumentException(
                    "server.port is %d; expected a number from 0 (any free port) to %d".formatted(port, MAX_PORT));
        }
        // Without one, Tomcat listens at every address of the machine.
        if (address == null) {
            throw new IllegalArgumentException(
                    "server.address is empty; expected an address of this machine, or 0.0.0.0 for all that it has");
        }
        // At any free port: whether the configured one is taken is another question.
        try {
            new ServerSocket(0, 1, address).close();
        } catch (IOException e) {
            throw new UnusableAddressException(address, e);
        }
    }

    static final class UnusableAddressException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        UnusableAddressException(InetAddress address, IOException cause) {
            super(
                    "server.address is %s; expected an address of this machine (%s)"
                            .formatted(address.getHostAddress(), cause.getMessage()),
                    cause);
        }
    }
}
