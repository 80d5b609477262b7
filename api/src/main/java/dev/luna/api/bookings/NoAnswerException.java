package dev.luna.api.bookings;

import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateExpiredException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.springframework.core.NestedExceptionUtils;

/** The provider may or may not have done what it was asked. The message, which a booking's history may keep, says why. */
final class NoAnswerException extends Exception {

    NoAnswerException(String message) {
        super(message);
    }

    /** What people can do something about is said in their words, anything else in those of Java. */
    static NoAnswerException of(Exception failure, URI uri, Duration timeout) {
        Throwable thrown = failure;
        if (failure instanceof ExecutionException && failure.getCause() != null) {
            thrown = failure.getCause();
        }
        return new NoAnswerException(sentence(thrown, uri, timeout));
    }

    private static String sentence(Throwable thrown, URI uri, Duration timeout) {
        String host = uri.getHost();
        String place = host + ":" + port(uri);
        Throwable root = NestedExceptionUtils.getMostSpecificCause(thrown);
        if (thrown instanceof TimeoutException || thrown instanceof HttpTimeoutException) {
            return "no answer from %s within %s".formatted(place, BookingProperties.words(timeout));
        }
        if (root instanceof UnresolvedAddressException) {
            return host + " does not resolve";
        }
        if (thrown instanceof ConnectException) {
            // How the client puts it that a port is closed.
            return root instanceof ClosedChannelException
                    ? "connection refused by " + place
                    : "no connection to " + place + ": " + words(thrown);
        }
        if (thrown instanceof SSLException) {
            if (root instanceof CertificateExpiredException) {
                return "the certificate of " + host + " has expired";
            }
            return root instanceof GeneralSecurityException
                    ? "the certificate of " + host + " is not trusted: " + words(root)
                    : "no TLS with " + place + ": " + words(root);
        }
        return "the connection to " + place + " failed: " + words(thrown);
    }

    private static int port(URI uri) {
        if (uri.getPort() != -1) {
            return uri.getPort();
        }
        return "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
    }

    private static String words(Throwable thrown) {
        return thrown.getMessage() == null ? thrown.toString() : thrown.getMessage();
    }
}
