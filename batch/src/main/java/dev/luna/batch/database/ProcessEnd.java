package dev.luna.batch.database;

/** Ctrl-C, SIGTERM or an exit: from then on the JVM only runs its hooks, and waits for none of its other threads. */
public final class ProcessEnd {

    private ProcessEnd() {}

    /** Whether this JVM is ending; it lets nobody add a hook then. */
    public static boolean isUnderWay() {
        Thread hook = new Thread(() -> {});
        try {
            Runtime.getRuntime().addShutdownHook(hook);
            Runtime.getRuntime().removeShutdownHook(hook);
            return false;
        } catch (IllegalStateException ending) {
            return true;
        }
    }
}
