package dev.luna.batch.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code postmaster.pid} in a data directory says about the server that wrote it, which may be long dead.
 *
 * @param pid process id of the server
 * @param port TCP port, 0 while the server has not written it yet
 * @param ready whether the server accepts connections
 */
record PostmasterFile(long pid, int port, boolean ready) {

    private static final String NAME = "postmaster.pid";
    private static final Pattern PORT = Pattern.compile("\"-p\" \"(\\d{1,5})\"");
    private static final boolean IS_LINUX = System.getProperty("os.name").startsWith("Linux");

    /** Empty when no server runs on the directory, or when it is so young that it has not written its pid yet. */
    static Optional<PostmasterFile> read(Path dataDirectory) throws IOException {
        List<String> lines;
        try {
            lines = Files.readAllLines(dataDirectory.resolve(NAME));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        if (lines.isEmpty() || lines.get(0).isBlank()) {
            return Optional.empty();
        }
        try {
            // Line 1 is the pid (negative for a stand-alone backend), line 4 the port, line 8 the state.
            long pid = Math.abs(Long.parseLong(lines.get(0).strip()));
            int port = lines.size() > 3 ? Integer.parseInt(lines.get(3).strip()) : 0;
            boolean ready = lines.size() > 7 && lines.get(7).strip().equals("ready");
            return Optional.of(new PostmasterFile(pid, port, ready));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** Whether the server's process is there. Looks without a lock: what it says may be over already. */
    static boolean isServed(Path dataDirectory) throws IOException {
        return read(dataDirectory)
                .filter(server -> server.isAlive(dataDirectory))
                .isPresent();
    }

    /**
     * The port of the server that ran last on the directory, 0 if none ever did. Unlike its pid, a server leaves the
     * options it was started with behind, even when it was stopped in good order.
     */
    static int formerPort(Path dataDirectory) throws IOException {
        Path options = dataDirectory.resolve("postmaster.opts");
        if (!Files.exists(options)) {
            return 0;
        }
        Matcher port = PORT.matcher(Files.readString(options));
        return port.find() ? Integer.parseInt(port.group(1)) : 0;
    }

    static void delete(Path dataDirectory) throws IOException {
        Files.deleteIfExists(dataDirectory.resolve(NAME));
    }

    /**
     * Whether the process that wrote the file lives. A pid is soon reused, above all in containers, so the process must
     * also name the data directory on its command line. Linux shows an empty one for a process that has died but was
     * not waited for; where other systems do not show it, being alive is taken as enough and the caller asks the server.
     */
    boolean isAlive(Path dataDirectory) {
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .map(process -> process.info().commandLine().orElse(""))
                .filter(line -> line.isEmpty() ? !IS_LINUX : line.contains(dataDirectory.toString()))
                .isPresent();
    }
}
