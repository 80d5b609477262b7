package dev.luna.batch.cli;

/** How a command tells a script its outcome; every {@code --help} lists these. */
final class ExitCode {

    static final int OK = 0;
    static final int FAILED = 1;
    static final int BAD_INPUT = 2;
    static final int REFUSED = 3;

    /** As a shell reports Ctrl-C. */
    static final int STOPPED = 130;

    /** For every verb: what the JVM exits with after SIGTERM, which nothing in it can choose. */
    static final String TERMINATED_LINE = "143:ended by SIGTERM; a run of this process is stopped first";

    private ExitCode() {}
}
