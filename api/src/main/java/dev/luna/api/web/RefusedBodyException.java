package dev.luna.api.web;

import java.io.IOException;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;

/** The client sends more than this server reads of one request, or sends it too slowly. */
final class RefusedBodyException extends IOException {

    private final HttpStatus status;

    private RefusedBodyException(HttpStatus status, String message) {
        super(message);
        this.status = status;
    }

    /** @param setting the name of the setting that says so */
    static RefusedBodyException tooLarge(long maxBytes, String setting) {
        return new RefusedBodyException(
                HttpStatus.CONTENT_TOO_LARGE,
                "The body is larger than %d bytes, the most this server reads here (%s).".formatted(maxBytes, setting));
    }

    static RefusedBodyException tooSlow() {
        return new RefusedBodyException(
                HttpStatus.REQUEST_TIMEOUT,
                "The body came too slowly: this server waits %d seconds for it and one more for every %d KB received."
                        .formatted(GuardedBody.GRACE.toSeconds(), GuardedBody.BYTES_PER_SECOND / 1024));
    }

    /** What the request is answered with. */
    ProblemDetail problem() {
        return ProblemDetail.forStatusAndDetail(status, getMessage());
    }
}
