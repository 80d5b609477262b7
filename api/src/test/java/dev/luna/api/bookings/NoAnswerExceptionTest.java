package dev.luna.api.bookings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpConnectTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** Failures as the JDK's client reports them, and what people read of them. */
class NoAnswerExceptionTest {

    private static final String URL = "https://provider.example/b";
    private static final Duration TIMEOUT = Duration.ofMillis(1500);

    @Test
    void aFailureIsOneSentenceThatNamesTheHost() {
        assertThat(sentence(caused(new ConnectException(), new UnresolvedAddressException())))
                .isEqualTo("provider.example does not resolve");
        assertThat(sentence(new ConnectException("Network is unreachable")))
                .isEqualTo("no connection to provider.example:443: Network is unreachable");
        assertThat(sentence(new HttpConnectTimeoutException("HTTP connect timed out")))
                .isEqualTo("no answer from provider.example:443 within 1.5s");
        assertThat(NoAnswerException.of(new TimeoutException(), URI.create(URL), TIMEOUT))
                .hasMessage("no answer from provider.example:443 within 1.5s");
        assertThat(sentence(caused(
                        new SSLHandshakeException("PKIX path building failed"),
                        new CertificateException("unable to find valid certification path to requested target"))))
                .isEqualTo("the certificate of provider.example is not trusted: unable to find valid certification path"
                        + " to requested target");
        assertThat(sentence(caused(
                        new SSLHandshakeException("PKIX path validation failed"),
                        new CertPathValidatorException(
                                "validity check failed",
                                new CertificateExpiredException("NotAfter: Sat Nov 28 12:00:00 UTC 2026")))))
                .isEqualTo("the certificate of provider.example has expired");
        assertThat(sentence(new SSLException("Unrecognized SSL message, plaintext connection?")))
                .isEqualTo("no TLS with provider.example:443: Unrecognized SSL message, plaintext connection?");
        assertThat(sentence(new IOException("Connection reset")))
                .isEqualTo("the connection to provider.example:443 failed: Connection reset");
        assertThat(sentence(new IOException()))
                .isEqualTo("the connection to provider.example:443 failed: java.io.IOException");
    }

    @Test
    void aClosedPortIsNamed() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        BookingProperties.Http settings = new BookingProperties.Http(
                "http://127.0.0.1:" + port, FakeProvider.SECRET, Duration.ofSeconds(10), 0, Duration.ofMillis(1));
        BookingOrder order = new BookingOrder(
                new UUID(0, 1),
                new UUID(0, 2),
                new UUID(0, 3),
                "Bar",
                1,
                2,
                Instant.EPOCH,
                2,
                "ada",
                BookingStatus.REQUESTED,
                null);

        Outcome outcome = new HttpProvider(settings, JsonMapper.shared(), Clock.systemUTC()).book(order);

        assertThat(outcome).isEqualTo(Outcome.unknown("connection refused by 127.0.0.1:" + port));
    }

    private static String sentence(Throwable failure) {
        return NoAnswerException.of(new ExecutionException(failure), URI.create(URL), TIMEOUT)
                .getMessage();
    }

    private static Throwable caused(Throwable failure, Throwable cause) {
        failure.initCause(cause);
        return failure;
    }
}
