package dev.luna.api.web;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * {@code luna.http.*}.
 *
 * @param maxBodySize the largest request body that is read; from 1KB to 64MB
 */
@ConfigurationProperties("luna.http")
record HttpProperties(@DefaultValue("256KB") DataSize maxBodySize) {

    HttpProperties {
        if (maxBodySize.toBytes() < 1024 || maxBodySize.toMegabytes() > 64) {
            throw new IllegalArgumentException(
                    "luna.http.max-body-size is %s; it must be from 1KB to 64MB".formatted(maxBodySize));
        }
    }
}
