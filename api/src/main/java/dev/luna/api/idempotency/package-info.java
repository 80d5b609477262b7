/** Requests that a client may repeat: the header {@code Idempotency-Key}, and answers kept for a day. */
@NullMarked
package dev.luna.api.idempotency;

import org.jspecify.annotations.NullMarked;
