package dev.luna.batch.drill;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A JVM of Luna that the drill started and may do anything to. Its output goes to a file of its own. */
final class LunaProcess implements AutoCloseable {

    /** What every process of the drill is told: short chunks, so that there is a place to strike; a short lease. */
    private static final Map<String, String> SETTINGS = Map.of(
            "LUNA_RECOMPUTE_LEASE", "2s",
            "LUNA_RECOMPUTE_BLOCKUSERS", "128",
            "LUNA_RECOMPUTE_CHUNKUSERS", "128",
            "LUNA_RECOMPUTE_THREADS", "2",
            // The two states of the data differ on purpose.
            "LUNA_RECOMPUTE_GATE_OVERLAPMIN", "0",
            "LUNA_SCHEDULE_FULLCRON", "-",
            "LUNA_SCHEDULE_REFRESHCRON", "-",
            "LUNA_SCHEDULE_RECOVERYINTERVAL", "1s");

    private final Process process;
    private final Path log;

    private LunaProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** Starts {@code java -jar JAR ARGUMENTS}. */
    static LunaProcess start(
            Path home,
            Path jar,
            String name,
            Map<String, String> environment,
            List<String> options,
            String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx384m",
                "-XX:TieredStopAtLevel=1",
                "-Xlog:cds=off",
                "-Xlog:cds+dynamic=off"));
        command.addAll(options);
        command.addAll(List.of("-jar", jar.toString()));
        command.addAll(List.of(arguments));
        Path logs = Files.createDirectories(DrillHome.logs(home));
        Path log = logs.resolve(name + ".log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(SETTINGS);
        builder.environment().put("LUNA_HOME", home.toString());
        builder.environment().putAll(environment);
        Process process = builder.start();
        DrillHome.note(home, process.toHandle());
        return new LunaProcess(process, log);
    }

    /** SIGKILL. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** SIGTERM, SIGSTOP or SIGCONT. */
    void signal(String name) throws IOException, InterruptedException {
        int exit = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor();
        if (exit != 0) {
            throw new IOException("kill -%s %d said %d".formatted(name, process.pid(), exit));
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Its exit code, which comes within so many seconds. */
    int exitCode(int seconds) throws InterruptedException {
        if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
            throw new DrillFailure("the process of %s is still there after %d s".formatted(log, seconds));
        }
        return process.exitValue();
    }

    Path log() {
        return log;
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().completeOnTimeout(process, 30, TimeUnit.SECONDS).join();
        process.destroyForcibly();
    }
}
