package dev.luna.batch.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Where figures come from: without these lines they mean nothing. */
final class Machine {

    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");
    private static final Path MEMORY_INFO = Path.of("/proc/meminfo");

    private Machine() {}

    /** Machine, JDK, database and commit, a row each. */
    static List<List<String>> rows(JdbcClient jdbc) {
        List<List<String>> rows = new ArrayList<>(rows());
        rows.add(
                rows.size() - 1,
                List.of("database", jdbc.sql("""
                                select 'PostgreSQL ' || current_setting('server_version')
                                  || ', shared_buffers ' || current_setting('shared_buffers')
                                  || ', wal_level ' || current_setting('wal_level')
                                  || ', max_wal_size ' || current_setting('max_wal_size')
                                  || ', fsync ' || current_setting('fsync')
                                  || ', synchronous_commit ' || current_setting('synchronous_commit')
                                """).query(String.class).single()));
        return rows;
    }

    /** As {@link #rows(JdbcClient)}, where no database takes part. */
    static List<List<String>> rows() {
        Runtime runtime = Runtime.getRuntime();
        return List.of(
                List.of(
                        "machine",
                        "%d cores, %s, %s"
                                .formatted(
                                        runtime.availableProcessors(),
                                        value(CPU_INFO, "model name", System.getProperty("os.arch", "unknown CPU")),
                                        memory())),
                List.of(
                        "java",
                        "%s %s, heap limit %s"
                                .formatted(
                                        System.getProperty("java.vm.name"),
                                        System.getProperty("java.vm.version"),
                                        Tables.bytes(runtime.maxMemory()))),
                List.of("commit", System.getProperty("luna.commit", "unknown")));
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
