package dev.luna.api.web;

import org.springframework.core.env.Environment;

/** Where a client on this machine reaches this server. */
public final class ServerUrl {

    private ServerUrl() {}

    /** The URL without a path, once the server listens. */
    public static String of(Environment environment) {
        String port = environment.getRequiredProperty("local.server.port");
        String address = environment.getProperty("server.address", "127.0.0.1");
        String host = address.equals("0.0.0.0") || address.equals("::") ? "127.0.0.1" : address;
        return "http://%s:%s".formatted(host.contains(":") ? "[" + host + "]" : host, port);
    }
}
