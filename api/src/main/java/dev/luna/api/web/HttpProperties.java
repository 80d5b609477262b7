package dev.luna.api.web;

import java.util.List;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * {@code luna.http.*}.
 *
 * @param maxBodySize the largest request body that is read; from 1KB to 64MB
 * @param maxBatchBodySize the same for calls whose path ends in {@code :batch}
 * @param hosts names under which this server is called, beside localhost and addresses; {@code *} is every name
 */
@ConfigurationProperties(value = "luna.http", ignoreUnknownFields = false)
record HttpProperties(
        @DefaultValue("256KB") DataSize maxBodySize,
        @DefaultValue("4MB") DataSize maxBatchBodySize,
        @DefaultValue List<String> hosts) {

    private static final String ANY_HOST = "*";

    private static final Pattern HOST = Pattern.compile("\\*|[\\w-]+(\\.[\\w-]+)*");

    HttpProperties {
        requireSensible("luna.http.max-body-size", maxBodySize);
        requireSensible("luna.http.max-batch-body-size", maxBatchBodySize);
        for (String host : hosts) {
            if (!HOST.matcher(host).matches()) {
                throw new IllegalArgumentException(
                        "luna.http.hosts has '%s'; expected names like luna.example.com, without scheme and port, or *"
                                .formatted(host));
            }
        }
    }

    /** Whether a name, without port, was given as one of this server's. */
    boolean isHost(String name) {
        return hosts.stream().anyMatch(host -> host.equals(ANY_HOST) || host.equalsIgnoreCase(name));
    }

    private static void requireSensible(String setting, DataSize size) {
        if (size.toBytes() < 1024 || size.toBytes() > DataSize.ofMegabytes(64).toBytes()) {
            throw new IllegalArgumentException("%s is %s; it must be from 1KB to 64MB".formatted(setting, size));
        }
    }
}
