package dev.luna.api.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.http.ResponseEntity;
import org.springframework.jdbc.core.simple.JdbcClient;

class HealthControllerTest {

    @Test
    void aRefusingDatabaseIsUnhealthy() throws InterruptedException {
        HealthController controller = controller(
                () -> {
                    throw new SQLException("connection refused");
                },
                Duration.ofMinutes(1));

        ResponseEntity<Health> answer = controller.health();

        assertThat(answer.getStatusCode().value()).isEqualTo(503);
        assertThat(body(answer).status()).isEqualTo("unhealthy");
        assertThat(body(answer).detail()).contains("cannot be reached");
    }

    @Test
    void checksOfAHangingDatabaseEndAndShareOneQuestion() throws InterruptedException {
        CountDownLatch back = new CountDownLatch(1);
        AtomicInteger questions = new AtomicInteger();
        HealthController controller = controller(
                () -> {
                    questions.incrementAndGet();
                    back.await();
                    throw new SQLException("gone");
                },
                Duration.ofMillis(50));

        for (int check = 0; check < 3; check++) {
            ResponseEntity<Health> answer = controller.health();
            assertThat(answer.getStatusCode().value()).isEqualTo(503);
            assertThat(body(answer).detail()).contains("does not answer");
        }

        // Whoever is answered now shared the first question, or asked the second when that had ended.
        back.countDown();
        Health answer = body(controller.health());
        for (int check = 0; check < 1000 && answer.detail().contains("does not answer"); check++) {
            answer = body(controller.health());
        }
        assertThat(answer.detail()).contains("cannot be reached");
        assertThat(questions.get()).isBetween(1, 2);
    }

    private static HealthController controller(Callable<Connection> connecting, Duration patience) {
        DataSource dataSource = (DataSource) Proxy.newProxyInstance(
                HealthControllerTest.class.getClassLoader(),
                new Class<?>[] {DataSource.class},
                (proxy, method, arguments) -> connecting.call());
        return new HealthController(new DatabaseProbe(JdbcClient.create(dataSource), patience));
    }

    private static Health body(ResponseEntity<Health> answer) {
        return Objects.requireNonNull(answer.getBody());
    }
}
