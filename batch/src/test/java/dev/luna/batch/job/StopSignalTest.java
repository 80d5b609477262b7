package dev.luna.batch.job;

import dev.luna.batch.snapshot.StopRequest;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class StopSignalTest {

    /** The answer may take as long as a connection to ask it on. */
    @Test
    void aStepGoesOnWhileTheDatabaseIsAskedForAStop() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch mayAnswer = new CountDownLatch(1);
        StopSignal signal = new StopSignal(() -> {
            asked.countDown();
            try {
                mayAnswer.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return false;
        });
        StopRequest.Cover cover = signal.cover(connection());
        new Thread(signal::poll).start();
        try {
            asked.await();

            FutureTask<Void> closing = new FutureTask<>(cover::close, null);
            new Thread(closing).start();
            closing.get(1, TimeUnit.MINUTES);
        } finally {
            mayAnswer.countDown();
        }
    }

    /** One that nobody asks for anything. */
    private static Connection connection() {
        return (Connection) Proxy.newProxyInstance(
                StopSignalTest.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                (connection, method, arguments) -> null);
    }
}
