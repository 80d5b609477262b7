package dev.luna.batch.database;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** A second Luna process as tests need it: attaches to a home, runs the SQL it reads from its input, detaches at its end. */
final class SharingProcess implements AutoCloseable {

    private static final List<String> UNSEEN =
            List.of("unshare", "--pid", "--ipc", "--fork", "--mount-proc", "--kill-child");

    private final Process process;
    private final BufferedReader answers;

    private SharingProcess(Process process) {
        this.process = process;
        this.answers = process.inputReader(StandardCharsets.UTF_8);
    }

    /** Starts the process; {@link #awaitAttached()} waits for it. */
    static SharingProcess start(Path home) throws IOException {
        return start(List.of(), home);
    }

    /** The same, with a process whose new files everybody may write unless it says otherwise. */
    static SharingProcess startWithoutUmask(Path home) throws IOException {
        return start(List.of("sh", "-c", "umask 0; exec \"$@\"", "sh"), home);
    }

    /** The same, as in a container: it and its programs, and those outside, do not see each other. */
    static SharingProcess startUnseen(Path home) throws IOException {
        return start(UNSEEN, home);
    }

    /** Whether {@link #startUnseen} works here: on Linux, for root with all rights. */
    static boolean canBeUnseen() throws InterruptedException {
        List<String> command = new ArrayList<>(UNSEEN);
        command.add("true");
        try {
            return new ProcessBuilder(command).start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static SharingProcess start(List<String> launcher, Path home) throws IOException {
        List<String> command = new ArrayList<>(launcher);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx64m", "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(SharingProcess.class.getName(), home.toString()));
        return new SharingProcess(new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    void awaitAttached() throws IOException {
        if (!"attached".equals(answers.readLine())) {
            throw new IOException("the process ended before it was attached");
        }
    }

    /** The first column of the first row. */
    String query(String sql) throws IOException {
        process.outputWriter(StandardCharsets.UTF_8).append(sql).append('\n').flush();
        return answers.readLine();
    }

    /** With the programs that it has begun to run; the server is none of them. */
    void kill() throws InterruptedException {
        List<ProcessHandle> programs = process.descendants().toList();
        process.destroyForcibly().waitFor();
        programs.forEach(ProcessHandle::destroyForcibly);
    }

    /** Lets it detach and end. */
    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    public static void main(String[] arguments) throws IOException, SQLException {
        try (SharedPostgres postgres = SharedPostgres.open(Path.of(arguments[0]));
                BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
                Connection connection =
                        DriverManager.getConnection(postgres.jdbcUrl(), postgres.username(), postgres.password());
                Statement statement = connection.createStatement()) {
            System.out.println("attached");
            for (String sql = commands.readLine(); sql != null; sql = commands.readLine()) {
                try (var row = statement.executeQuery(sql)) {
                    row.next();
                    System.out.println(row.getString(1));
                }
            }
        }
    }
}
