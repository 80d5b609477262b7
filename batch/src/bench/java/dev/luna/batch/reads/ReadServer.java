package dev.luna.batch.reads;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The packaged server in a process of its own, on the same database, without a schedule; or one that runs already. */
public final class ReadServer implements AutoCloseable {

    private static final int START_SECONDS = 120;
    private static final int STOP_SECONDS = 30;
    private static final long POLL_MILLIS = 100;

    private final @Nullable Process process;
    private final URI url;

    private ReadServer(@Nullable Process process, URI url) {
        this.process = process;
        this.url = url;
    }

    /** A server that somebody else started. */
    public static ReadServer running(URI url) {
        return new ReadServer(null, url);
    }

    /**
     * Starts the packaged server and waits until it says that it serves, which it does after warming up.
     *
     * @param jar the server's jar
     * @param log file for its output
     */
    public static ReadServer start(Path jar, Path log) throws IOException, InterruptedException {
        int port = freePort();
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        String options = System.getenv("LUNA_SERVER_JAVA_OPTS");
        if (options != null && !options.isBlank()) {
            command.addAll(List.of(options.strip().split("\\s+")));
        }
        command.addAll(List.of("-jar", jar.toString(), "serve"));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(Map.of("SERVER_PORT", Integer.toString(port), "LUNA_SCHEDULE_ENABLED", "false"));
        builder.redirectErrorStream(true).redirectOutput(log.toFile());
        Process process = builder.start();
        // Ctrl-C ends this process without close().
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
        ReadServer server = new ReadServer(process, URI.create("http://127.0.0.1:" + port));
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (!Files.readString(log).contains("Luna serves at")) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                server.close();
                throw new IOException("the server did not start within " + START_SECONDS + " s; its output is in " + log
                        + ":\n" + Files.readString(log));
            }
            Thread.sleep(POLL_MILLIS);
        }
        return server;
    }

    /** Where it listens. */
    public URI url() {
        return url;
    }

    @Override
    public void close() {
        if (process == null) {
            return;
        }
        process.destroy();
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
