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
        byte[] body =
                "{\"title\":\"%s\",\"status\":%d,\"detail\":\"The request line or a header cannot be read, or is too long.\"}"
                        .formatted(status == null ? "Error" : status.getReasonPhrase(), code)
                        .getBytes(StandardCharsets.UTF_8);
        try {
            response.setHeader("Cache-Control", "no-store");
            response.setContentType("application/problem+json");
            response.setContentLength(body.length);
            response.getOutputStream().write(body);
            response.finishResponse();
        } catch (IOException | IllegalStateException e) {
            // The client is gone or the answer is on its way already: there is nobody left to tell.
            container.getLogger().debug("problem response not written", e);
        }
    }
}
