package dev.luna.api.idempotency;

import io.swagger.v3.oas.annotations.Parameter;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Documents the header of a call that may be repeated. */
@Parameter(
        description = "Chosen by the client for each request, a UUID for instance; 1 to 255 visible ASCII characters."
                + " Repeated within 24 hours with the same request it gets the first answer, marked"
                + " Idempotent-Replayed; after a refusal or 202 it asks anew. With another request it gets 422, while"
                + " the first is being worked on 409 with Retry-After.")
@Target(ElementType.PARAMETER)
@Retention(RetentionPolicy.RUNTIME)
public @interface IdempotencyKey {

    /** The header's name. */
    String NAME = "Idempotency-Key";
}
