package dev.luna.api.web;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/**
 * Problem responses for requests that never reach the application, such as the path {@code /%ZZ}. Tomcat makes the
 * instance by reflection, hence public.
 */
public final class ProblemErrorValve extends ErrorReportValve {

    @Override
    protected void report(Request request, Response response, @Nullable Throwable failure) {
        int code = response.getStatus();
        if (code < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
            return;
        }
        HttpStatus status = HttpStatus.resolve(code);
        byte[] body = "{\"title\":\"%s\",\"status\":%d,\"detail\":\"%s\"}"
                .formatted(status == null ? "Error" : status.getReasonPhrase(), code, detail(code))
                .getBytes(StandardCharsets.UTF_8);
        try {
            response.setHeader("Cache-Control", "no-store");
            NoFrames.forbid(response);
            response.setContentType("application/problem+json");
            response.setContentLength(body.length);
            response.getOutputStream().write(body);
            response.finishResponse();
        } catch (IOException | IllegalStateException e) {
            // The client is gone or the answer is on its way already: there is nobody left to tell.
            container.getLogger().debug("problem response not written", e);
        }
    }

    /** Tomcat says no more of its reason than the status. */
    private static String detail(int code) {
        return switch (code) {
            case 400 ->
                "The request line or a header cannot be read, is missing or too long, there are more than 100 headers, or the name in Host has an underscore.";
            case 417 -> "Expect asks for what this server does not do; it knows 100-continue.";
            case 501 -> "The method or the transfer encoding is not supported; a body comes as it is or chunked.";
            case 505 -> "This version of HTTP is not supported; HTTP/1.1 is.";
            default -> ContainerErrors.detail(code);
        };
    }
}
