package dev.luna.batch.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Where figures come from: without these lines they mean nothing. */
final class Machine {

    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");
    private static final Path MEMORY_INFO = Path.of("/proc/meminfo");

    private Machine() {}

    /** Machine, JDK, database and commit, a line each. */
    static String lines(JdbcClient jdbc) {
        return machine() + line("database", jdbc.sql("""
                                select 'PostgreSQL ' || current_setting('server_version')
                                  || ', shared_buffers ' || current_setting('shared_buffers')
                                  || ', wal_level ' || current_setting('wal_level')
                                  || ', max_wal_size ' || current_setting('max_wal_size')
                                  || ', fsync ' || current_setting('fsync')
                                  || ', synchronous_commit ' || current_setting('synchronous_commit')
                                """).query(String.class).single()) + commit();
    }

    /** As {@link #lines(JdbcClient)}, where no database takes part. */
    static String lines() {
        return machine() + commit();
    }

    private static String machine() {
        Runtime runtime = Runtime.getRuntime();
        return line(
                        "machine",
                        "%d cores, %s, %s"
                                .formatted(
                                        runtime.availableProcessors(),
                                        value(CPU_INFO, "model name", System.getProperty("os.arch", "unknown CPU")),
                                        memory()))
                + line(
                        "java",
                        "%s %s, heap limit %s"
                                .formatted(
                                        System.getProperty("java.vm.name"),
                                        System.getProperty("java.vm.version"),
                                        Tables.bytes(runtime.maxMemory())));
    }

    private static String commit() {
        return line("commit", System.getProperty("luna.commit", "unknown"));
    }

    private static String line(String name, String value) {
        return "%-10s%s%n".formatted(name, value);
    }

    private static String memory() {
        String kilobytes = value(MEMORY_INFO, "MemTotal", "").replace(" kB", "");
        return kilobytes.isEmpty()
                ? "memory unknown"
                : String.format(Locale.ROOT, "%.1f GiB", Long.parseLong(kilobytes) / 1048576.0);
    }

    /** The first value of a name in a file of lines {@code name: value}; systems other than Linux have no such files. */
    private static String value(Path file, String name, String otherwise) {
        if (!Files.isReadable(file)) {
            return otherwise;
        }
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith(name) && line.indexOf(':') > 0)
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(otherwise);
        } catch (IOException e) {
            // A header without the processor's name is still a header.
            return otherwise;
        }
    }
}
