package dev.luna.api.reco;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code luna.reco.*}.
 *
 * @param maxAge how long caches may repeat an answer of the published run without asking; 0s to 1h
 * @param warmUp how long a starting server asks itself before it is ready; 0s to 1m
 */
@ConfigurationProperties(value = "luna.reco", ignoreUnknownFields = false)
record RecoProperties(
        @DefaultValue("10s") Duration maxAge,
        @DefaultValue("1s") Duration warmUp) {

    RecoProperties {
        requireAtMost(Duration.ofHours(1), "max-age", maxAge);
        requireAtMost(Duration.ofMinutes(1), "warm-up", warmUp);
    }

    private static void requireAtMost(Duration most, String name, Duration value) {
        if (value.isNegative() || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(
                    "luna.reco.%s is %s; it must be from 0s to %ds".formatted(name, value, most.toSeconds()));
        }
    }
}
