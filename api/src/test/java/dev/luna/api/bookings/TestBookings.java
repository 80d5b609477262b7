package dev.luna.api.bookings;

import java.time.Clock;
import java.time.Duration;
import java.util.function.Consumer;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import tools.jackson.databind.json.JsonMapper;

/** Bookings at a provider behind a URL, put together without Spring, so that a process of them starts in no time. */
public final class TestBookings {

    private final Bookings bookings;
    private final BookingSweep sweep;

    /** @param beforeAndAfterCalls told {@code before call} and {@code after call} */
    public TestBookings(
            JdbcClient jdbc,
            PlatformTransactionManager transactionManager,
            BookedPlans plans,
            String url,
            Consumer<String> beforeAndAfterCalls) {
        BookingProperties.Http http =
                new BookingProperties.Http(url, FakeProvider.SECRET, Duration.ofSeconds(5), 0, Duration.ofMillis(10));
        BookingStore store = new BookingStore(jdbc);
        BookingProvider provider =
                watched(new HttpProvider(http, JsonMapper.builder().build(), Clock.systemUTC()), beforeAndAfterCalls);
        this.bookings = new Bookings(
                store,
                plans,
                provider,
                new WaitingRequests(1),
                new BookingProperties(BookingProperties.Provider.HTTP, Duration.ofHours(1), http),
                transactionManager);
        this.sweep = new BookingSweep(store, bookings, provider);
    }

    public Bookings bookings() {
        return bookings;
    }

    public void sweep() {
        sweep.run();
    }

    private static BookingProvider watched(BookingProvider provider, Consumer<String> beforeAndAfterCalls) {
        return new BookingProvider() {
            @Override
            public String name() {
                return provider.name();
            }

            @Override
            public Outcome book(BookingOrder order) {
                beforeAndAfterCalls.accept("before call");
                Outcome outcome = provider.book(order);
                beforeAndAfterCalls.accept("after call");
                return outcome;
            }

            @Override
            public Outcome cancel(BookingOrder order) {
                beforeAndAfterCalls.accept("before call");
                Outcome outcome = provider.cancel(order);
                beforeAndAfterCalls.accept("after call");
                return outcome;
            }

            @Override
            public Duration longestCall() {
                return provider.longestCall();
            }
        };
    }
}
