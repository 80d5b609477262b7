package dev.luna.api.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.luna.api.web.Http;
import dev.luna.api.web.ServerTest;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The pages that show the document. */
class DocPagesIT extends ServerTest {

    @Test
    void pagesTakeEverythingFromThisServer() {
        for (String path : List.of("/docs", "/redoc", "/")) {
            Http.Answer page = http.get(path);
            assertThat(page.status()).as(path).isEqualTo(200);
            assertThat(page.header("Content-Type").orElseThrow()).startsWith("text/html");
            assertThat(page.text().replace("http://www.w3.org/", "")).as(path).doesNotContain("http://", "https://");
            Matcher sources =
                    Pattern.compile("(?:src|href|spec-url)=\"(/[^\"]*)\"").matcher(page.text());
            int found = 0;
            while (sources.find()) {
                found++;
                assertThat(http.get(sources.group(1)).status())
                        .as(sources.group(1))
                        .isEqualTo(200);
            }
            assertThat(found).as(path).isGreaterThanOrEqualTo(3);
        }
    }

    /** Chromium's field takes six digits for a year without an end, and so the time that is typed behind it for a part of it. */
    @Test
    void aYearOfAPlanIsTypedInFourDigits() {
        assertThat(http.get("/").text()).containsPattern("<input id=\"when\" [^>]*max=\"9999-12-31T23:59\"");
    }

    /** Whether the style sheet has such a mode is the library's affair. */
    @Test
    void swaggerUiIsDarkWhereTheReaderWantsIt() {
        assertThat(http.get("/docs").text()).contains("prefers-color-scheme: dark", "'dark-mode'");
        assertThat(http.get("/webjars/swagger-ui/swagger-ui.css").text()).contains("html.dark-mode .swagger-ui{");
    }

    /** ReDoc asks the internet for a logo, by a URL that stands in its bundle. */
    @Test
    void reDocMayAskNobodyElse() {
        assertThat(http.get("/redoc").text())
                .containsPattern("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'self' [^\"]*\">")
                .doesNotContain("http:", "https:");
    }
}
