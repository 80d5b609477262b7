package dev.luna.batch.run;

import java.util.function.BooleanSupplier;

/** Waits for something another process or thread does. Fails only when it is hopeless, never because a machine is slow. */
public final class Eventually {

    private static final int POLLS = 3000;
    private static final long POLL_MILLIS = 20;

    private Eventually() {}

    public static void holds(String what, BooleanSupplier condition) throws InterruptedException {
        for (int n = 0; n < POLLS; n++) {
            if (condition.getAsBoolean()) {
                return;
            }
            Thread.sleep(POLL_MILLIS);
        }
        throw new AssertionError("gave up waiting until " + what);
    }
}
