package dev.luna.batch.run;

import dev.luna.batch.LunaBatch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;

/** Another Luna on the database of a test: in this JVM with its own beans, or in a JVM of its own that can be killed. */
public final class OtherProcess {

    private static final String KIND = "luna.test.run-kind";

    private OtherProcess() {}

    /** An application of its own in this JVM. */
    static ConfigurableApplicationContext inThisJvm(Environment environment, String... settings) {
        return new SpringApplicationBuilder(LunaBatch.class)
                .web(WebApplicationType.NONE)
                .bannerMode(Banner.Mode.OFF)
                .run(arguments(environment, settings));
    }

    /**
     * A JVM that only keeps the schedule, until it is ended. Quartz lets a JVM have one scheduler of a name.
     *
     * @param hosts all that its host knows of names, as in {@code /etc/hosts}
     */
    public static Process scheduleInOwnJvm(Path hosts, Environment environment, String... settings) throws IOException {
        return inOwnJvm("", List.of("-Djdk.net.hosts.file=" + hosts), environment, settings);
    }

    /** A JVM that starts a full run and stays with it. */
    static Process recomputeInOwnJvm(Environment environment, String... settings) throws IOException {
        return runInOwnJvm(RunKind.FULL, environment, settings);
    }

    /** A JVM that starts a run and stays with it. */
    static Process runInOwnJvm(RunKind kind, Environment environment, String... settings) throws IOException {
        return inOwnJvm(kind.name(), List.of(), environment, settings);
    }

    /** A JVM that works as {@code luna recompute} does. */
    static Process recomputeByCommand(Environment environment, String... settings) throws IOException {
        List<String> command = new ArrayList<>();
        for (String argument : arguments(environment, settings)) {
            command.add(argument.replaceFirst("--", "-D"));
        }
        command.addAll(List.of("dev.luna.batch.cli.LunaCommand", "recompute"));
        return java(command);
    }

    private static Process inOwnJvm(String kind, List<String> options, Environment environment, String... settings)
            throws IOException {
        List<String> command = new ArrayList<>(options);
        command.addAll(List.of("-D" + KIND + "=" + kind, OtherProcess.class.getName()));
        command.addAll(List.of(arguments(environment, settings)));
        return java(command);
    }

    private static Process java(List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path")));
        command.addAll(arguments);
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    public static void main(String[] arguments) throws InterruptedException {
        try (ConfigurableApplicationContext context = new SpringApplicationBuilder(LunaBatch.class)
                .web(WebApplicationType.NONE)
                .bannerMode(Banner.Mode.OFF)
                .run(arguments)) {
            Runs runs = context.getBean(Runs.class);
            String kind = System.getProperty(KIND);
            if (kind.isEmpty()) {
                Thread.currentThread().join();
            }
            runs.await(runs.start(RunKind.valueOf(kind), "other process").id(), run -> {});
        }
    }

    private static String[] arguments(Environment environment, String... settings) {
        return Stream.concat(
                        Stream.of("spring.datasource.url", "spring.datasource.username", "spring.datasource.password")
                                .map(name -> "--" + name + "=" + environment.getProperty(name, "")),
                        Stream.of(settings).map(setting -> "--" + setting))
                .toArray(String[]::new);
    }
}
