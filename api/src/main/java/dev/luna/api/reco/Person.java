package dev.luna.api.reco;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The user a question is about. */
record Person(UUID id, @Nullable Double homeLat, @Nullable Double homeLng) {

    double homeLatOrNaN() {
        return homeLat == null ? Double.NaN : homeLat;
    }

    double homeLngOrNaN() {
        return homeLng == null ? Double.NaN : homeLng;
    }
}
