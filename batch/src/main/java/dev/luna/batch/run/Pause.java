package dev.luna.batch.run;

/** A rest between two looks at what other processes do. */
final class Pause {

    private Pause() {}

    /** Whether it lasted; false when the thread was interrupted, which it stays. */
    static boolean of(long millis) {
        try {
            Thread.sleep(millis);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
