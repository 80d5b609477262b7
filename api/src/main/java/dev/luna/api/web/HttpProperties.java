package dev.luna.api.web;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * {@code luna.http.*}.
 *
 * @param maxBodySize the largest request body that is read; from 1KB to 64MB
 * @param maxBatchBodySize the same for calls whose path ends in {@code :batch}
 */
@ConfigurationProperties("luna.http")
record HttpProperties(
        @DefaultValue("256KB") DataSize maxBodySize,
        @DefaultValue("4MB") DataSize maxBatchBodySize) {

    HttpProperties {
        requireSensible("luna.http.max-body-size", maxBodySize);
        requireSensible("luna.http.max-batch-body-size", maxBatchBodySize);
    }

    private static void requireSensible(String setting, DataSize size) {
        if (size.toBytes() < 1024 || size.toMegabytes() > 64) {
            throw new IllegalArgumentException("%s is %s; it must be from 1KB to 64MB".formatted(setting, size));
        }
    }
}
