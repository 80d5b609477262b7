package dev.luna.api.bookings;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code luna.booking.*}.
 *
 * @param provider who takes the bookings
 * @param giveUpAfter how long an unanswered booking is asked for before it is taken back, until its start at most; 1m to 7d
 * @param http the provider behind a URL; used when {@code provider} is {@code http}
 */
@ConfigurationProperties(value = "luna.booking", ignoreUnknownFields = false)
record BookingProperties(
        @DefaultValue("mock") Provider provider,
        @DefaultValue("1h") Duration giveUpAfter,
        @DefaultValue Http http) {

    /** Who takes the bookings. */
    enum Provider {
        MOCK,
        HTTP
    }

    BookingProperties {
        requireBetween("luna.booking.give-up-after", giveUpAfter, Duration.ofMinutes(1), Duration.ofDays(7));
        if (provider == Provider.HTTP) {
            http.requireComplete();
            http.requireShortCalls();
        }
    }

    /**
     * @param url where bookings are posted to; http or https, a host, maybe a port and a path, nothing else
     * @param secret signs requests and callbacks; at least 16 characters
     * @param timeout the longest that one attempt may take; 10ms to 30s
     * @param retries attempts after the first one; 0 to 10
     * @param backoff pause before the first retry; it doubles with each. By chance, one is up to half as long again, or, but
     *     for the first, up to half shorter; 1ms to 10s
     */
    record Http(
            @DefaultValue("") String url,
            @DefaultValue("") String secret,
            @DefaultValue("2s") Duration timeout,
            @DefaultValue("2") int retries,
            @DefaultValue("200ms") Duration backoff) {

        private static final int SHORTEST_SECRET = 16;
        private static final int LAST_PORT = 65_535;

        /** A request waits for two calls at most, and a thread of the server with it. */
        private static final Duration LONGEST_CALL = Duration.ofMinutes(2);

        Http {
            requireBetween("luna.booking.http.timeout", timeout, Duration.ofMillis(10), Duration.ofSeconds(30));
            requireBetween("luna.booking.http.backoff", backoff, Duration.ofMillis(1), Duration.ofSeconds(10));
            if (retries < 0 || retries > 10) {
                throw new IllegalArgumentException(
                        "luna.booking.http.retries is %d; it must be from 0 to 10".formatted(retries));
            }
        }

        private void requireComplete() {
            String flaw = flaw(url);
            if (flaw != null) {
                // What may be a password is not shown, so there is no cause either: it would repeat the URL.
                throw new IllegalArgumentException(
                        "luna.booking.http.url is '%s', which %s; with luna.booking.provider=http it must be a URL such as https://provider.example/bookings"
                                .formatted(
                                        url.replaceFirst("(?s).*@", "***@").replaceFirst("(?s)([?#]).*", "$1***"),
                                        flaw));
            }
            if (secret.length() < SHORTEST_SECRET) {
                throw new IllegalArgumentException(
                        "luna.booking.http.secret has %d characters; with luna.booking.provider=http it must have at least %d"
                                .formatted(secret.length(), SHORTEST_SECRET));
            }
        }

        /** Each setting may be in range, and all of them together keep a thread for hours. */
        private void requireShortCalls() {
            Duration longest = longestCall();
            if (longest.compareTo(LONGEST_CALL) > 0) {
                throw new IllegalArgumentException(
                        "luna.booking.http: with timeout=%s, retries=%d and backoff=%s a call may last %s; it must be %s at most"
                                .formatted(
                                        words(timeout), retries, words(backoff), words(longest), words(LONGEST_CALL)));
            }
        }

        /** The longest that one call takes, its attempts and pauses included. */
        Duration longestCall() {
            Duration longest = timeout;
            Duration pause = backoff;
            for (int i = 0; i < retries; i++) {
                // With its jitter of a half.
                longest = longest.plus(timeout).plus(pause.multipliedBy(3).dividedBy(2));
                pause = pause.multipliedBy(2);
            }
            return longest;
        }

        /** What keeps a URL from being used; null when nothing does. */
        private static @Nullable String flaw(String url) {
            URI uri;
            try {
                uri = new URI(url).parseServerAuthority();
            } catch (URISyntaxException e) {
                return "is no URL: " + e.getReason();
            }
            if (!"http".equalsIgnoreCase(uri.getScheme()) && !"https".equalsIgnoreCase(uri.getScheme())) {
                return "does not begin with http:// or https://";
            }
            if (uri.getHost() == null) {
                return "names no host";
            }
            if (uri.getPort() == 0 || uri.getPort() > LAST_PORT) {
                return "has a port that is not from 1 to " + LAST_PORT;
            }
            if (uri.getRawUserInfo() != null) {
                return "names a user";
            }
            if (uri.getRawQuery() != null) {
                return "has a query";
            }
            return uri.getRawFragment() == null ? null : "has a fragment";
        }

        URI uri(String suffix) {
            return URI.create(url.replaceAll("/+$", "") + suffix);
        }

        /** Never the secret. */
        @Override
        public String toString() {
            return "Http[url=%s, timeout=%s, retries=%d, backoff=%s]".formatted(url, timeout, retries, backoff);
        }
    }

    private static void requireBetween(String name, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(
                    "%s is %s; it must be from %s to %s".formatted(name, words(value), words(least), words(most)));
        }
    }

    /** Such as {@code 1h}, {@code 1m30s}, {@code 400ms}; a limit as it can be set. */
    static String words(Duration duration) {
        if (duration.toMillis() > 0 && duration.compareTo(Duration.ofSeconds(1)) < 0) {
            return duration.toMillis() + "ms";
        }
        return duration.toString().substring("PT".length()).toLowerCase(Locale.ROOT);
    }
}
