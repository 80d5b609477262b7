package dev.luna.api.web;

import java.io.IOException;

/** The client sends more than this server reads of one request. */
final class BodyTooLargeException extends IOException {

    BodyTooLargeException(long maxBytes) {
        super("The body is larger than %d bytes, the most this server reads (luna.http.max-body-size)."
                .formatted(maxBytes));
    }
}
