package dev.luna.api.web;

import java.io.IOException;

/** The client sends more than this server reads of one request. */
final class BodyTooLargeException extends IOException {

    /** @param setting the name of the setting that says so */
    BodyTooLargeException(long maxBytes, String setting) {
        super("The body is larger than %d bytes, the most this server reads here (%s).".formatted(maxBytes, setting));
    }
}
