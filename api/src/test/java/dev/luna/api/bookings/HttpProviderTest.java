package dev.luna.api.bookings;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LongSummaryStatistics;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.util.backoff.BackOffExecution;
import tools.jackson.databind.json.JsonMapper;

/** How long a provider is waited for, and how often; some timeouts are so short that nobody else's test should have them. */
class HttpProviderTest {

    private static final BookingProperties.Http CALM = new BookingProperties.Http(
            "http://provider.example", FakeProvider.SECRET, Duration.ofSeconds(2), 2, Duration.ofMillis(200));

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

    @Test
    void theLongestCallHasEveryAttemptAndEveryPause() {
        // Three attempts of 2 s; a pause of 200 ms, then one of 400 ms, each half as long again at most.
        assertThat(provider(CALM).longestCall()).isEqualTo(Duration.ofMillis(6000 + 300 + 600));
    }

    /** Of 1,000 draws each: all within the bounds, and some within a tenth of either. */
    @Test
    void aPauseVariesByChanceButTheFirstIsNeverShorterThanSet() {
        LongSummaryStatistics first = new LongSummaryStatistics();
        LongSummaryStatistics second = new LongSummaryStatistics();
        for (int i = 0; i < 1000; i++) {
            BackOffExecution pauses = HttpProvider.retries(CALM).getBackOff().start();
            first.accept(pauses.nextBackOff());
            second.accept(pauses.nextBackOff());
        }

        assertThat(first.getMin()).isBetween(200L, 210L);
        assertThat(first.getMax()).isBetween(290L, 300L);
        // 400 ms, half as long again or half as long.
        assertThat(second.getMin()).isBetween(200L, 240L);
        assertThat(second.getMax()).isBetween(560L, 600L);
    }

    private static Outcome booked(FakeProvider fake, Duration timeout) {
        HttpProvider provider = provider(
                new BookingProperties.Http(fake.url(), FakeProvider.SECRET, timeout, 1, Duration.ofMillis(10)));
        UUID id = UUID.randomUUID();
        return provider.book(
                new BookingOrder(id, id, id, "Bar", 1, 2, Instant.EPOCH, 2, "Ada", BookingStatus.REQUESTED, null));
    }

    private static HttpProvider provider(BookingProperties.Http http) {
        return new HttpProvider(http, JsonMapper.shared(), Clock.systemUTC());
    }
}
