package dev.luna.batch.cli;

import dev.luna.batch.sample.SampleCity;
import java.util.concurrent.Callable;
import org.springframework.context.ConfigurableApplicationContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code luna sample}. */
@Command(
        name = "sample",
        description = {
            "Loads the sample city into an empty database: 2,000 people, 600 venues, and what they like.",
            "A database that has users or venues is left as it is, with exit code 3."
        })
final class SampleCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        try (ConfigurableApplicationContext context = BatchContext.startTransfer()) {
            if (context.getBean(SampleCity.class).loadIfEmpty()) {
                spec.commandLine().getOut().println("the sample city is loaded");
                return ExitCode.OK;
            }
            spec.commandLine().getErr().println("luna: the database has users or venues already; nothing was loaded");
            return ExitCode.REFUSED;
        }
    }
}
