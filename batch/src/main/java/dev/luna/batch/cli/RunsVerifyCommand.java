package dev.luna.batch.cli;

import dev.luna.batch.run.RunVerifier;
import dev.luna.batch.run.Verifications;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.springframework.context.ConfigurableApplicationContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code luna runs verify}: stored rankings beside the definition. */
@Command(
        name = "verify",
        description = {
            "Recomputes users of a complete run by brute force and compares.",
            "Ids, order and scores of venues and companions are compared, from the inputs staged with the run; of a"
                    + " refresh run, for users that it ranked anew. Then the run's checksum, of ids, order and scores,"
                    + " is computed again from all rows that it stores."
        },
        exitCodeList = {
            "  0:all compared users are equal, and so is the checksum",
            "  1:a user differs (the first difference is shown), or the checksum does; or it failed",
            "  2:usage was wrong, or there is no such run",
            "  3:refused or held: the run has no complete rankings, or they were dropped",
            "130:stopped, by Ctrl-C",
            ExitCode.TERMINATED_LINE
        })
final class RunsVerifyCommand implements Callable<Integer> {

    private static final int MOST_USERS = 1_000_000;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "ID", description = "The run.")
    private long id;

    @Option(
            names = "--sample",
            paramLabel = "N",
            description = "How many users, evenly over space, 1 to " + MOST_USERS + " (default ${DEFAULT-VALUE}).")
    private int sample = 100;

    @Option(names = "--json", description = "A JSON object for scripts instead of text.")
    private boolean json;

    @Override
    public Integer call() {
        OptionRange.check(spec, "--sample", sample, 1, MOST_USERS);
        try (ConfigurableApplicationContext context = BatchContext.start()) {
            Verifications verifications = context.getBean(Verifications.class);
            RunVerifier.Verification found = verifications.verify(id, sample);
            PrintWriter out = spec.commandLine().getOut();
            if (!json) {
                out.println(RunText.verification(id, found));
            }
            String checksum = verifications.checksumDifference(id);
            out.println(json ? RunJson.verification(id, found, checksum) : RunText.checksum(checksum));
            return found.firstDifference().isEmpty() && checksum.isEmpty() ? ExitCode.OK : ExitCode.FAILED;
        }
    }
}
