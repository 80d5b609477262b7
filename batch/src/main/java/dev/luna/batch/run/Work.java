package dev.luna.batch.run;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A run that this process works on. Thread-safe. */
record Work(Claim claim, CountDownLatch running) {

    /** Work that begins. */
    static Work on(Claim claim) {
        return new Work(claim, new CountDownLatch(1));
    }

    /** It has ended, well or not. */
    void over() {
        running.countDown();
    }

    /** Waits up to so long for its end. False if it goes on. */
    boolean isOverWithin(long millis) throws InterruptedException {
        return running.await(millis, TimeUnit.MILLISECONDS);
    }
}
