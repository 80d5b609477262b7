package dev.luna.api.bookings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.http.HttpRequest;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What of a provider can be set, and how it is told what cannot. */
class BookingPropertiesTest {

    private static final String SECRET = "0123456789abcdef";

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    ''                              | does not begin with http:// or https://
                    provider.example                | does not begin with http:// or https://
                    //provider.example              | does not begin with http:// or https://
                    ftp://provider.example          | does not begin with http:// or https://
                    https://                        | is no URL: Expected authority
                    https:///b                      | names no host
                    https:b                         | names no host
                    https://under_score/b           | is no URL: Illegal character in hostname
                    https://[::1                    | is no URL: Expected closing bracket for IPv6 address
                    https://exa mple/b              | is no URL: Illegal character in authority
                    https://provider.example/b^c    | is no URL: Illegal character in path
                    https://provider.example:0/b    | has a port that is not from 1 to 65535
                    https://provider.example:99999/ | has a port that is not from 1 to 65535
                    https://provider.example/?***   | has a query
                    https://provider.example/b#***  | has a fragment
                    """)
    void anHttpProviderNeedsAUrl(String url, String flaw) {
        assertThatThrownBy(() -> properties(BookingProperties.Provider.HTTP, url, SECRET))
                .hasMessage(
                        "luna.booking.http.url is '%s', which %s; with luna.booking.provider=http it must be a URL such as"
                                + " https://provider.example/bookings",
                        url, flaw);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://ada:s3c@ret@provider.example",
                "https:ada:s3cret@provider.example",
                "https://ada:s3cret/@provider.example:x",
                "ada:s3cret@provider.example"
            })
    void aUserInTheUrlIsRefusedAndNeverShown(String url) {
        assertThatThrownBy(() -> properties(BookingProperties.Provider.HTTP, url, SECRET))
                .hasMessageStartingWith("luna.booking.http.url is '***@provider.example")
                .hasMessageNotContainingAny("ada", "s3c", "ret@")
                .hasNoCause();
    }

    @ParameterizedTest
    @ValueSource(strings = {"?key=s3cret", "/b?key=s3cret#c", "/b#s3cret", "/b?a=1&key=s3\ncret"})
    void aKeyInTheUrlIsNeverShown(String rest) {
        assertThatThrownBy(() -> properties(BookingProperties.Provider.HTTP, "https://provider.example" + rest, SECRET))
                .hasMessageStartingWith("luna.booking.http.url is 'https://provider.example")
                .hasMessageNotContainingAny("s3", "cret")
                .hasNoCause();
    }

    @Test
    void theRuleIsThatThereIsNone() {
        assertThatThrownBy(() ->
                        properties(BookingProperties.Provider.HTTP, "https://ada:s3cret@provider.example/b", SECRET))
                .hasMessageStartingWith("luna.booking.http.url is '***@provider.example/b', which names a user; with");
    }

    /** The client takes none whose host or scheme it cannot read. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTPS://Provider.Example/b",
                "http://provider.example",
                "http://127.0.0.1:8081/b;x=1//",
                "http://[::1]:8081/b",
                "https://provider.example:/b",
                "https://provider.example./b\u00fccher/%7E"
            })
    void whatIsAcceptedTheClientTakes(String url) {
        BookingProperties.Http http =
                properties(BookingProperties.Provider.HTTP, url, SECRET).http();

        assertThat(HttpRequest.newBuilder(http.uri("")).build().uri().getHost()).isNotEmpty();
        assertThat(HttpRequest.newBuilder(http.uri("/cancel")).build().uri().getPath())
                .endsWith("/cancel");
    }

    @Test
    void anHttpProviderNeedsASecretThatIsNeverShown() {
        assertThatThrownBy(() -> properties(BookingProperties.Provider.HTTP, "http://provider.example", "short"))
                .hasMessageStartingWith("luna.booking.http.secret has 5 characters")
                .hasMessageNotContaining("short");
        assertThat(properties(BookingProperties.Provider.HTTP, "http://provider.example/b", SECRET)
                        .toString())
                .contains("http://provider.example/b")
                .doesNotContain(SECRET);
    }

    @Test
    void aDurationOutOfBoundsIsNamedAsItIsWritten() {
        assertThatThrownBy(() ->
                        new BookingProperties.Http("", SECRET, Duration.ofMillis(31_500), 2, Duration.ofMillis(200)))
                .hasMessage("luna.booking.http.timeout is 31.5s; it must be from 10ms to 30s");
        assertThatThrownBy(
                        () -> new BookingProperties.Http("", SECRET, Duration.ofMillis(5), 2, Duration.ofMillis(200)))
                .hasMessage("luna.booking.http.timeout is 5ms; it must be from 10ms to 30s");
    }

    @Test
    void retriesOutOfBoundsAreRefused() {
        for (int retries : new int[] {-1, 11}) {
            assertThatThrownBy(() -> calling(10, retries, 1))
                    .hasMessage("luna.booking.http.retries is %d; it must be from 0 to 10", retries);
        }
        assertThatCode(() -> calling(10, 10, 1)).doesNotThrowAnyException();
    }

    @Test
    void allAttemptsAndPausesOfACallTogetherAreBounded() {
        // Three attempts of 25 s; pauses of 10 s and 20 s, each half as long again at most.
        assertThatCode(() -> calling(25_000, 2, 10_000)).doesNotThrowAnyException();
        // Eleven attempts of 30 s; 15 s of a pause at most, doubled nine times: 15 s times 1023.
        assertThatThrownBy(() -> calling(30_000, 10, 10_000))
                .hasMessage(
                        "luna.booking.http: with timeout=30s, retries=10 and backoff=10s a call may last 4h21m15s; it must be 2m at most");
        assertThatThrownBy(() -> calling(25_001, 2, 10_000)).hasMessageContaining("may last 2m0.003s;");
    }

    @Test
    void theMockProviderNeedsNothing() {
        assertThat(properties(BookingProperties.Provider.MOCK, "", "").provider())
                .isEqualTo(BookingProperties.Provider.MOCK);
    }

    private static BookingProperties calling(int timeoutMillis, int retries, int backoffMillis) {
        return new BookingProperties(
                BookingProperties.Provider.HTTP,
                Duration.ofHours(1),
                new BookingProperties.Http(
                        "http://provider.example",
                        SECRET,
                        Duration.ofMillis(timeoutMillis),
                        retries,
                        Duration.ofMillis(backoffMillis)));
    }

    private static BookingProperties properties(BookingProperties.Provider provider, String url, String secret) {
        return new BookingProperties(
                provider,
                Duration.ofHours(1),
                new BookingProperties.Http(url, secret, Duration.ofSeconds(2), 2, Duration.ofMillis(200)));
    }
}
