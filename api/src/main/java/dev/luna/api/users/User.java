package dev.luna.api.users;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A person as stored. Home is in decimal degrees (WGS 84), both or neither. */
record User(
        @Schema(example = "6f8b3c52-0d5e-4c8e-9a39-0a4f2f7f1f10")
        UUID id,

        @Schema(example = "ada") String handle,
        @Schema(example = "Ada Lovelace") String name,
        @Schema(example = "36") @Nullable Integer age,
        @Schema(example = "52.5200") @Nullable Double homeLat,
        @Schema(example = "13.4050") @Nullable Double homeLng,
        Instant createdAt) {

    UserFields fields() {
        return new UserFields(handle, name, age, homeLat, homeLng);
    }
}
