package dev.luna.api.bookings;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** What providers may say, however odd. */
class ProviderAnswerTest {

    @Test
    void aConfirmationNeedsAReferenceThatCanBeKept() {
        assertThat(outcome("{'status': 'confirmed', 'external_ref': 'R-1'}")).contains(Outcome.confirmed("R-1"));
        assertThat(outcome("{'status': 'confirmed', 'external_ref': 'R\\ud800'}"))
                .isEmpty();
        assertThat(outcome("{'status': 'confirmed', 'external_ref': 'R\\u0000'}"))
                .isEmpty();
        assertThat(outcome("{'status': 'confirmed'}")).isEmpty();
    }

    @Test
    void aReferenceIsMeasuredInCharacters() {
        String longest = "\ud83c\udf7d".repeat(200);
        assertThat(outcome("{'status': 'confirmed', 'external_ref': '%s'}".formatted(longest)))
                .contains(Outcome.confirmed(longest));
        assertThat(outcome("{'status': 'confirmed', 'external_ref': '%sx'}".formatted(longest)))
                .isEmpty();
    }

    @Test
    void aRefusalIsOneWhateverItsReason() {
        assertThat(reason("'full'")).isEqualTo("full");
        assertThat(reason("null")).isEqualTo("the provider declined it");
        assertThat(reason("'\\u0000'")).isEqualTo("no reason was given");
        assertThat(reason("'full\\ud83d'")).isEqualTo("full?");
        // A line of its own in a log would be anybody's.
        assertThat(reason("'a\\r\\n\\u001b[1m\\u0085b'")).isEqualTo("a   [1m b");
    }

    private static String reason(String reason) {
        Outcome outcome =
                outcome("{'status': 'declined', 'reason': " + reason + "}").orElseThrow();
        assertThat(outcome.kind()).isEqualTo(Outcome.Kind.DECLINED);
        return outcome.reason();
    }

    private static Optional<Outcome> outcome(String json) {
        byte[] body = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        return ProviderAnswer.read(body, JsonMapper.shared()).flatMap(ProviderAnswer::outcome);
    }
}
