package dev.luna.api.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** What is refused before it reaches the application is answered like the rest. */
class ContainerErrorsIT extends ServerTest {

    @Test
    void malformedRequestLinesGetAProblemToo() throws IOException {
        assertThat(raw("GET /%ZZ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 400")
                .contains("application/problem+json")
                .contains("X-Frame-Options: DENY", "Content-Security-Policy: frame-ancestors 'none'");
    }

    @Test
    void whatTheContainerRefusesIsToldByItsReason() throws IOException {
        String end = "Host: localhost\r\nConnection: close\r\n";
        assertThat(raw("CONNECT x:1 HTTP/1.1\r\n" + end + "\r\n"))
                .startsWith("HTTP/1.1 501")
                .contains("The method or the transfer encoding is not supported");
        assertThat(raw("POST /users HTTP/1.1\r\n" + end + "Transfer-Encoding: gzip\r\n\r\n"))
                .startsWith("HTTP/1.1 501")
                .contains("The method or the transfer encoding is not supported");
        assertThat(raw("GET /health HTTP/1.1\r\n" + end + "Expect: foo\r\n\r\n"))
                .startsWith("HTTP/1.1 417")
                .contains("Expect asks for what this server does not do");
        assertThat(raw("GET /health HTTP/9.9\r\n" + end + "\r\n"))
                .startsWith("HTTP/1.1 505")
                .contains("This version of HTTP is not supported");
        assertThat(raw("GET /health HTTP/1.1\r\n" + end + "X: y\r\n".repeat(100) + "\r\n"))
                .startsWith("HTTP/1.1 400")
                .contains("more than 100 headers");
        // What nginx sends that was not told to pass a client's Host on is the name of its upstream.
        assertThat(raw("GET /health HTTP/1.1\r\nHost: luna_api\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 400")
                .contains("or the name in Host has an underscore.");
    }

    @Test
    void aTraceIsRefusedWithoutPromisingOtherMethods() throws IOException {
        String trace =
                raw("TRACE /health HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\nConnection: close\r\n\r\n");

        assertThat(trace).startsWith("HTTP/1.1 405").contains("application/problem+json");
        assertThat(trace).doesNotContain("Allow:");
    }
}
