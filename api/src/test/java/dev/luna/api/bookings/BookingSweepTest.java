package dev.luna.api.bookings;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.luna.batch.run.Eventually;
import java.time.Duration;
import java.util.AbstractList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

class BookingSweepTest {

    /** Otherwise they would wait for further bookings until this process ends, and keep it from that. */
    @Test
    void threadsEndThoughTheSystemGaveNotAllOfThem() throws Exception {
        BookingStore store = new ThreeDue();
        BookingProvider provider = new MockProvider();
        Bookings bookings = new Bookings(
                store,
                null,
                provider,
                new WaitingRequests(1),
                new BookingProperties(BookingProperties.Provider.MOCK, Duration.ofHours(1), null),
                null);
        BookingSweep sweep = new BookingSweep(store, bookings, provider);

        assertThatThrownBy(sweep::run).isInstanceOf(OutOfMemoryError.class);

        Eventually.holds(
                "no thread is left",
                () -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().startsWith("booking-sweep-")));
    }

    /** Of three bookings, two are taken by others, and the last meets the limit of threads. */
    private static final class ThreeDue extends BookingStore {

        ThreeDue() {
            super(JdbcClient.create(new PGSimpleDataSource()));
        }

        @Override
        List<UUID> due(String provider, int limit) {
            return new AbstractList<>() {
                @Override
                public UUID get(int index) {
                    if (index == 2) {
                        throw new OutOfMemoryError("unable to create native thread");
                    }
                    return UUID.randomUUID();
                }

                @Override
                public int size() {
                    return 3;
                }
            };
        }

        @Override
        Optional<BookingClaim> claim(UUID bookingId, String provider, Duration claim) {
            return Optional.empty();
        }
    }
}
