package dev.luna.api.bookings;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SignatureTest {

    @Test
    void theSignatureIsTheHmacOfTimeAndBody() {
        // printf '%s' '1893456000.{}' | openssl dgst -sha256 -hmac 0123456789abcdef
        assertThat(new Signature("0123456789abcdef").of(1893456000L, new byte[] {'{', '}'}))
                .isEqualTo("v1=ba31c6d8406fe99099ef15cb221325c3830032c88d8b1efbd41567d5a068591b");
    }
}
