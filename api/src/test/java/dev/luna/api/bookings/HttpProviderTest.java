package dev.luna.api.bookings;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
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

        Outcome outcome = booked(fake, Duration.ofMillis(200));

        assertThat(outcome.kind()).isEqualTo(Outcome.Kind.UNKNOWN);
        assertThat(outcome.reason()).startsWith("no answer from 127.0.0.1:").endsWith(" within 200ms");
        fake.behave(FakeProvider.Manner.CONFIRM);
    }

    @Test
    void anAnswerThatCannotBeReadIsToldWithWhatWasExpected() {
        FakeProvider fake = new FakeProvider();
        fake.behave(FakeProvider.Manner.GARBAGE);

        assertThat(booked(fake, Duration.ofSeconds(30)).reason())
                .isEqualTo("the provider's answer with status 200 cannot be read; expected JSON of at most 64 KB with "
                        + "status confirmed or declined and, if confirmed, external_ref: 1 to 200 characters, "
                        + "not all of them spaces and none a control character");
    }

    private static Outcome booked(FakeProvider fake, Duration timeout) {
        BookingProvider provider = new HttpProvider(
                new BookingProperties.Http(fake.url(), FakeProvider.SECRET, timeout, 1, Duration.ofMillis(10)),
                JsonMapper.builder().build(),
                Clock.systemUTC());
        UUID id = UUID.randomUUID();
        return provider.book(
                new BookingOrder(id, id, id, "Bar", 1, 2, Instant.EPOCH, 2, "Ada", BookingStatus.REQUESTED, null));
    }
}
