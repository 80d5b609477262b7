package dev.luna.batch.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessResourceFailureException;

class ReconnectionTest {

    @Test
    void whatTakesLongIsTriedAgainForTenSecondsOnly() {
        AtomicLong clock = new AtomicLong();
        AtomicInteger attempts = new AtomicInteger();

        assertThatThrownBy(() -> Reconnection.outlast(
                        () -> {
                            attempts.incrementAndGet();
                            clock.addAndGet(TimeUnit.SECONDS.toNanos(6));
                            throw new DataAccessResourceFailureException("away", new SQLException("away", "08001"));
                        },
                        clock::get))
                .hasMessage("away");

        // Begun after 0 and 6 s.
        assertThat(attempts).hasValue(2);
    }
}
