package dev.luna.api.web;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;

/** A request that is answered with problem+json. The detail names the thing, what was received and what to do. */
public final class ProblemException extends ErrorResponseException {

    private ProblemException(HttpStatus status, ProblemDetail body) {
        super(status, body, null);
        getHeaders().setContentType(MediaType.APPLICATION_PROBLEM_JSON);
    }

    /** 404: nothing has that id. */
    public static ProblemException notFound(String detail) {
        return of(HttpStatus.NOT_FOUND, detail);
    }

    /**
     * 404: nothing of a kind has that id.
     *
     * @param kind one word, such as user
     */
    public static ProblemException unknown(String kind, UUID id) {
        return notFound("No " + kind + " has the id " + id);
    }

    /** 410: it was there, and will not be again. */
    public static ProblemException gone(String detail) {
        return of(HttpStatus.GONE, detail);
    }

    /** 409: the request is well formed, but the present state does not allow it. */
    public static ProblemException conflict(String detail) {
        return of(HttpStatus.CONFLICT, detail);
    }

    /** 409 with further members that a program can read. */
    public static ProblemException conflict(String detail, Map<String, ?> members) {
        ProblemException problem = conflict(detail);
        members.forEach(problem.getBody()::setProperty);
        return problem;
    }

    /**
     * 401: nothing proves who sent the request.
     *
     * @param challenge the scheme by which he can prove it, as RFC 9110, 11.6.1 wants it named
     */
    public static ProblemException unauthorized(String challenge, String detail) {
        ProblemException problem = of(HttpStatus.UNAUTHORIZED, detail);
        problem.getHeaders().set(HttpHeaders.WWW_AUTHENTICATE, challenge);
        return problem;
    }

    /** 403: the call may not come from there. */
    static ProblemException forbidden(String detail) {
        return of(HttpStatus.FORBIDDEN, detail);
    }

    /** 415: the body is compressed or the like. */
    static ProblemException encoded(String coding) {
        return of(
                HttpStatus.UNSUPPORTED_MEDIA_TYPE,
                "Content-Encoding is %s; bodies are read as they are, so send it without one.".formatted(coding));
    }

    /** 421: the request was sent to a name that is not this server's. */
    static ProblemException misdirected(String host) {
        return of(
                HttpStatus.MISDIRECTED_REQUEST,
                "Host is %s; expected localhost, an address, or a name that luna.http.hosts gives.".formatted(host));
    }

    /** 502: somebody whom this server depends on refused what it asked. */
    public static ProblemException badGateway(String detail) {
        return of(HttpStatus.BAD_GATEWAY, detail);
    }

    /** 503: it cannot be done just now; the request was fine and may be repeated. */
    public static ProblemException unavailable(String detail) {
        ProblemException problem = of(HttpStatus.SERVICE_UNAVAILABLE, detail);
        problem.getHeaders().set(HttpHeaders.RETRY_AFTER, "5");
        return problem;
    }

    /** 400: a path or query parameter has a value that is not allowed. */
    public static ProblemException invalidParameter(InvalidField error) {
        return invalid(HttpStatus.BAD_REQUEST, List.of(error));
    }

    /** 400: the body is not what this call reads. */
    public static ProblemException unreadableBody(String detail) {
        return of(HttpStatus.BAD_REQUEST, detail);
    }

    /** 422: the body can be read, but its values are not allowed. */
    public static ProblemException invalidBody(List<InvalidField> errors) {
        return invalid(HttpStatus.UNPROCESSABLE_CONTENT, errors);
    }

    private static ProblemException invalid(HttpStatus status, List<InvalidField> errors) {
        return new ProblemException(status, problem(status, errors));
    }

    /** What is told of fields that are not allowed. */
    static ProblemDetail problem(HttpStatus status, List<InvalidField> errors) {
        List<InvalidField> told = errors.subList(0, Math.min(errors.size(), InvalidField.MOST));
        ProblemDetail body = ProblemDetail.forStatusAndDetail(
                status, told.stream().map(InvalidField::sentence).collect(Collectors.joining("; ")));
        body.setProperty("errors", told);
        return body;
    }

    private static ProblemException of(HttpStatus status, String detail) {
        return new ProblemException(status, ProblemDetail.forStatusAndDetail(status, detail));
    }
}
