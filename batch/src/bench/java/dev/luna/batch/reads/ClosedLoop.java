package dev.luna.batch.reads;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Clients that ask, wait for the answer, and ask again, each on a thread of its own. */
public final class ClosedLoop {

    /** One client's way to ask; used by one thread. */
    public interface Asker extends AutoCloseable {

        /**
         * Asks about a user and waits for the whole answer.
         *
         * @param user place of the user among those drawn
         * @throws Exception if the answer is not the one expected; that ends the measurement
         */
        void ask(int user) throws Exception;

        @Override
        default void close() throws IOException {}
    }

    /** Makes the clients. */
    @FunctionalInterface
    public interface Askers {
        Asker open() throws Exception;
    }

    /** How long after the end of a window its last answers may come. */
    private static final long LATEST_MILLIS = 30_000;

    private ClosedLoop() {}

    /**
     * Lets clients ask about users drawn at random, the same ones for the same seed, for a time.
     *
     * @param users how many users there are to ask about
     * @throws IllegalStateException if a client waits for an answer long after the time is over
     */
    public static Load run(int clients, Duration window, int users, long seed, Askers askers)
            throws InterruptedException, ExecutionException {
        ExecutorService threads = Executors.newFixedThreadPool(clients, ClosedLoop::daemon);
        try {
            CyclicBarrier start = new CyclicBarrier(clients);
            SplittableRandom seeds = new SplittableRandom(seed);
            List<Future<long[]>> loops = new ArrayList<>();
            for (int client = 0; client < clients; client++) {
                SplittableRandom random = seeds.split();
                loops.add(threads.submit(() -> loop(askers, start, window, users, random)));
            }
            List<long[]> times = new ArrayList<>();
            for (Future<long[]> loop : loops) {
                times.add(loop.get(window.toMillis() + LATEST_MILLIS, TimeUnit.MILLISECONDS));
            }
            long[] all = times.stream().flatMapToLong(Arrays::stream).sorted().toArray();
            return new Load(clients, window.toNanos() / 1e9, all);
        } catch (TimeoutException e) {
            throw new IllegalStateException("a client still waits " + LATEST_MILLIS + " ms after the last question", e);
        } finally {
            threads.shutdownNow();
        }
    }

    /** Does not keep the process alive when no answer comes. */
    private static Thread daemon(Runnable client) {
        Thread thread = new Thread(client, "client");
        thread.setDaemon(true);
        return thread;
    }

    private static long[] loop(Askers askers, CyclicBarrier start, Duration window, int users, SplittableRandom random)
            throws Exception {
        long[] nanos = new long[1 << 12];
        int count = 0;
        try (Asker asker = askers.open()) {
            start.await();
            long began = System.nanoTime();
            long end = began + window.toNanos();
            for (long asked = began; asked < end; ) {
                asker.ask(random.nextInt(users));
                long answered = System.nanoTime();
                if (count == nanos.length) {
                    nanos = Arrays.copyOf(nanos, 2 * count);
                }
                nanos[count++] = answered - asked;
                asked = answered;
            }
        }
        return Arrays.copyOf(nanos, count);
    }
}
