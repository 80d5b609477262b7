package dev.luna.api.bookings;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.json.JsonMapper;

/** Timeouts so short that nobody else's test should have them. */
class HttpProviderTest {

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.INCLUDE,
            names = {"SLOW", "HALF"})
    void anAnswerThatIsNotThereInTimeIsNotKnownHoweverMuchOfItCame(FakeProvider.Manner manner) {
        FakeProvider fake = new FakeProvider();
        fake.behave(manner);
        BookingProvider provider = new HttpProvider(
                new BookingProperties.Http(
                        fake.url(), FakeProvider.SECRET, Duration.ofMillis(200), 1, Duration.ofMillis(10)),
                JsonMapper.builder().build(),
                Clock.systemUTC());
        UUID id = UUID.randomUUID();

        Outcome outcome = provider.book(
                new BookingOrder(id, id, id, "Bar", 1, 2, Instant.EPOCH, 2, "Ada", BookingStatus.REQUESTED, null));

        assertThat(outcome.kind()).isEqualTo(Outcome.Kind.UNKNOWN);
        assertThat(outcome.reason()).startsWith("no answer from 127.0.0.1:").endsWith(" within 0.2s");
        fake.behave(FakeProvider.Manner.CONFIRM);
    }
}
