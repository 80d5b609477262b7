package dev.luna.api.reco;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.luna.api.web.ProblemException;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpHeaders;

class AttemptsTest {

    @Test
    void theFirstThatSucceedsIsTheLast() {
        Iterator<Optional<String>> attempts =
                List.of(Optional.<String>empty(), Optional.of("ranking")).iterator();

        assertThat(Attempts.untilReadsAgree(attempts::next)).isEqualTo("ranking");
    }

    @Test
    void whoseReadsNeverAgreeIsToldToAskAgain() {
        AtomicInteger attempts = new AtomicInteger();

        ProblemException problem = catchThrowableOfType(
                ProblemException.class,
                () -> Attempts.untilReadsAgree(() -> {
                    attempts.incrementAndGet();
                    return Optional.empty();
                }));

        assertThat(problem.getStatusCode().value()).isEqualTo(503);
        assertThat(problem.getHeaders().getFirst(HttpHeaders.RETRY_AFTER)).isEqualTo("5");
        assertThat(problem.getBody().getDetail()).endsWith("; ask again.");
        assertThat(attempts).hasValue(3);
    }
}
