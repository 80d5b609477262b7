package dev.luna.api.bookings;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Says who wrote a message and when: {@code v1=} and HMAC-SHA256, in hexadecimal, over the time in Unix seconds, a dot and
 * the body. Both directions sign alike. Thread-safe.
 */
final class Signature {

    static final String TIME_HEADER = "Luna-Timestamp";
    static final String SIGNATURE_HEADER = "Luna-Signature";

    /** How far the clocks of both sides may be apart, the way of the message included. */
    static final Duration TOLERANCE = Duration.ofMinutes(5);

    private static final String ALGORITHM = "HmacSHA256";

    private final SecretKeySpec key;

    Signature(String secret) {
        this.key = new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM);
    }

    String of(long unixSeconds, byte[] body) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            mac.update((unixSeconds + ".").getBytes(StandardCharsets.UTF_8));
            return "v1=" + HexFormat.of().formatHex(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + ALGORITHM, e);
        }
    }

    /** Whether a message is genuine and of now; takes the same time for every wrong signature. */
    boolean accepts(String timestamp, String signature, byte[] body, Instant now) {
        if (!timestamp.matches("[0-9]{1,12}")) {
            return false;
        }
        long unixSeconds = Long.parseLong(timestamp);
        boolean isGenuine = MessageDigest.isEqual(
                of(unixSeconds, body).getBytes(StandardCharsets.UTF_8),
                signature.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8));
        return isGenuine && Math.abs(now.getEpochSecond() - unixSeconds) <= TOLERANCE.toSeconds();
    }
}
