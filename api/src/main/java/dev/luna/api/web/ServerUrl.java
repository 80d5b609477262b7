package dev.luna.api.web;

import java.net.InetAddress;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.core.env.Environment;

/** Where a client on this machine reaches this server: an address, since {@link KnownHosts} refuses most names. */
public final class ServerUrl {

    private ServerUrl() {}

    /** The URL without a path, once the server listens. */
    public static String of(ServerProperties properties, Environment environment) {
        String port = environment.getRequiredProperty("local.server.port");
        InetAddress address = properties.getAddress();
        String host = address == null || address.isAnyLocalAddress() ? "127.0.0.1" : address.getHostAddress();
        return "http://%s:%s".formatted(host.contains(":") ? "[" + host + "]" : host, port);
    }
}
