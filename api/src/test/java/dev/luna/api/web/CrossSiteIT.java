package dev.luna.api.web;

import static dev.luna.api.web.ProblemsIT.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Pages of other sites, whose calls without a body a browser sends without asking, change nothing; nor do those in disguise. */
class CrossSiteIT extends ServerTest {

    /** A call that changes nothing, whoever may ask for it. */
    private static final String CALL = "/runs/999999/publish?force=true";

    @Test
    void pagesOfOtherSitesMayOnlyGet() {
        for (String site : List.of("cross-site", "same-site", "anything")) {
            Http.Answer refused = http.send("POST", CALL, null, "Sec-Fetch-Site", site);
            assertProblem(refused, 403);
            assertThat(refused.detail())
                    .isEqualTo(
                            "Sec-Fetch-Site is %s: from pages of other origins than http://127.0.0.1:%d, what is other than GET, HEAD and OPTIONS is refused."
                                    .formatted(site, port()));
            for (String method : List.of("PUT", "PATCH", "DELETE")) {
                assertProblem(http.send(method, "/users", null, "Sec-Fetch-Site", site), 403);
            }
            for (String method : List.of("GET", "HEAD")) {
                assertThat(http.send(method, "/users", null, "Sec-Fetch-Site", site)
                                .status())
                        .as(method)
                        .isEqualTo(200);
            }
        }
    }

    @Test
    void thisServersOwnPagesAndOtherProgramsMayDoAll() {
        assertProblem(http.send("POST", CALL, null), 404);
        for (String site : List.of("same-origin", "none")) {
            // The browser's word counts, wherever the proxy in front says that this is.
            assertProblem(http.send("POST", CALL, null, "Sec-Fetch-Site", site, "Origin", "https://luna.example"), 404);
        }
    }

    @Test
    void browsersThatTellTheOriginOnlyAreJudgedByIt() throws IOException {
        for (String origin :
                List.of("http://evil.example", "null", "http://127.0.0.1", "https://127.0.0.1:" + port())) {
            assertProblem(http.send("POST", CALL, null, "Origin", origin), 403);
        }
        assertProblem(http.send("POST", CALL, null, "Origin", "http://127.0.0.1:" + port()), 404);
        String proxied =
                "Host: 127.0.0.1\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: luna.example\r\nX-Forwarded-For: 192.0.2.1\r\n";
        assertThat(send("POST " + CALL, proxied + "Origin: https://luna.example\r\n"))
                .startsWith("HTTP/1.1 404");
        assertThat(send("POST " + CALL, proxied + "Origin: http://luna.example\r\n"))
                .startsWith("HTTP/1.1 403");
        assertThat(send("POST " + CALL, "Host: luna.example\r\nOrigin: http://luna.example\r\n"))
                .startsWith("HTTP/1.1 404");
    }

    @Test
    void aPageWhoseOwnNameLeadsHereMayNotEvenRead() throws IOException {
        String asItsOwn = "Sec-Fetch-Site: same-origin\r\nX-Forwarded-Host: localhost\r\n";
        for (String name :
                List.of("evil.example", "localhost.evil.example", "evillocalhost", "127.0.0.1.evil.example", "1.2.3")) {
            String host = name + ":" + port();
            for (String call : List.of("POST " + CALL, "GET /users", "GET /", "GET /health")) {
                assertThat(send(call, "Host: " + host + "\r\n" + asItsOwn))
                        .startsWith("HTTP/1.1 421")
                        .contains(
                                "\"Host is %s; expected localhost, an address, or a name that luna.http.hosts gives.\""
                                        .formatted(host));
            }
        }
    }

    @Test
    void addressesAndTheNamesOfThisServerAreItsOwn() throws IOException {
        for (String name : List.of(
                "127.0.0.1", "192.0.2.7", "[::1]", "localhost", "LocalHost", "luna.localhost", "Luna.Example.")) {
            assertThat(send("GET /users", "Host: " + name + "\r\n")).startsWith("HTTP/1.1 200");
            assertThat(send("GET /users", "Host: " + name + ":8080\r\n")).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void whoNamesNoHostIsNoBrowser() throws IOException {
        assertThat(raw("GET /health HTTP/1.0\r\n\r\n")).startsWith("HTTP/1.1 200");
    }

    @Test
    void noPageMayShowThisServersInAFrame() {
        for (String path : List.of("/", "/docs", "/redoc", "/luna.js", "/health", "/users", "/nowhere")) {
            Http.Answer answer = http.get(path);
            assertThat(answer.header("Content-Security-Policy")).as(path).contains("frame-ancestors 'none'");
            assertThat(answer.header("X-Frame-Options")).as(path).contains("DENY");
        }
    }

    private String send(String call, String headers) throws IOException {
        return raw(call + " HTTP/1.1\r\n" + headers + "Content-Length: 0\r\nConnection: close\r\n\r\n");
    }
}
