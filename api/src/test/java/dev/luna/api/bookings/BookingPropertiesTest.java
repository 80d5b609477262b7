package dev.luna.api.bookings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class BookingPropertiesTest {

    private static final String SECRET = "0123456789abcdef";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "provider.example",
                "ftp://provider.example",
                "https://",
                "https://a@b.example/x",
                "http://x/?a=b"
            })
    void anHttpProviderNeedsAUrl(String url) {
        assertThatThrownBy(() -> properties(BookingProperties.Provider.HTTP, url, SECRET))
                .hasMessageStartingWith("luna.booking.http.url is '" + url + "'");
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
    void theMockProviderNeedsNothing() {
        assertThat(properties(BookingProperties.Provider.MOCK, "", "").provider())
                .isEqualTo(BookingProperties.Provider.MOCK);
    }

    @Test
    void theSignatureIsTheHmacOfTimeAndBody() {
        // printf '%s' '1893456000.{}' | openssl dgst -sha256 -hmac 0123456789abcdef
        assertThat(new Signature(SECRET).of(1893456000L, new byte[] {'{', '}'}))
                .isEqualTo("v1=ba31c6d8406fe99099ef15cb221325c3830032c88d8b1efbd41567d5a068591b");
    }

    @Test
    void theLongestCallHasEveryAttemptAndEveryPause() {
        HttpProvider provider = new HttpProvider(
                properties(BookingProperties.Provider.HTTP, "http://provider.example", SECRET)
                        .http(),
                JsonMapper.shared(),
                Clock.systemUTC());

        // Three attempts of 2 s; a pause of 200 ms, then one of 400 ms, each half as long again at most.
        assertThat(provider.longestCall()).isEqualTo(Duration.ofMillis(6000 + 300 + 600));
    }

    private static BookingProperties properties(BookingProperties.Provider provider, String url, String secret) {
        return new BookingProperties(
                provider,
                Duration.ofHours(1),
                new BookingProperties.Http(url, secret, Duration.ofSeconds(2), 2, Duration.ofMillis(200)));
    }
}
