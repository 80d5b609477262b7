package dev.luna.api.bookings;

import java.util.concurrent.Semaphore;

/**
 * Requests that wait for the provider. Each keeps a thread of the server, and reads need threads however silent the
 * provider is; so only some may wait at once, and the sweep goes on for the others. Thread-safe.
 */
final class WaitingRequests {

    private final Semaphore room;

    /** @param most how many may wait; one may in any case */
    WaitingRequests(int most) {
        room = new Semaphore(Math.max(1, most));
    }

    /** Makes a call that waits for the provider; false, at once and without the call, when there is no room. */
    boolean run(Runnable call) {
        if (!room.tryAcquire()) {
            return false;
        }
        try {
            call.run();
            return true;
        } finally {
            room.release();
        }
    }
}
