package dev.luna.api.bookings;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.Test;

class LimitedBodyTest {

    private final List<String> asked = new ArrayList<>();
    private final LimitedBody body = new LimitedBody(4);

    private final Flow.Subscription connection = new Flow.Subscription() {
        @Override
        public void request(long buffers) {
            asked.add("more");
        }

        @Override
        public void cancel() {
            asked.add("no more");
        }
    };

    @Test
    void aBodyUpToTheLimitIsReadWhole() {
        body.onSubscribe(connection);
        body.onNext(List.of(bytes(1, 2), bytes(3)));
        body.onNext(List.of(bytes(4)));
        body.onComplete();

        assertThat(bytesSoFar()).containsExactly(1, 2, 3, 4);
        assertThat(asked).containsExactly("more");
    }

    @Test
    void aLongerOneIsNoneAndReadNoFurther() {
        body.onSubscribe(connection);
        body.onNext(List.of(bytes(1, 2), bytes(3, 4, 5)));
        // Was under way already.
        body.onNext(List.of(bytes(6)));
        body.onError(new IllegalStateException("closed"));

        assertThat(bytesSoFar()).isEmpty();
        assertThat(asked).containsExactly("more", "no more");
    }

    @Test
    void aBodyThatBreaksOffIsAFailure() {
        body.onSubscribe(connection);
        body.onNext(List.of(bytes(1)));
        body.onError(new IllegalStateException("closed"));

        assertThat(body.getBody()).isCompletedExceptionally();
    }

    private byte[] bytesSoFar() {
        return body.getBody().toCompletableFuture().getNow(null);
    }

    private static ByteBuffer bytes(int... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length);
        for (int value : values) {
            bytes.put((byte) value);
        }
        return bytes.flip();
    }
}
