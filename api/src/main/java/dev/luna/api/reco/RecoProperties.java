package dev.luna.api.reco;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code luna.reco.*}.
 *
 * @param maxAge how long caches may repeat an answer of the published run without asking; 0s to 1h
 */
@ConfigurationProperties("luna.reco")
record RecoProperties(@DefaultValue("10s") Duration maxAge) {

    RecoProperties {
        if (maxAge.isNegative() || maxAge.compareTo(Duration.ofHours(1)) > 0) {
            throw new IllegalArgumentException("luna.reco.max-age is %s; it must be from 0s to 1h".formatted(maxAge));
        }
    }
}
