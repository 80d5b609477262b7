package dev.luna.api;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(name = "serve", description = "Serves the API and keeps the schedule of runs, until stopped.")
final class ServeCommand implements Callable<Integer> {

    @Override
    public Integer call() {
        RunningServer server = RunningServer.start("info");
        if (!server.isStopping()) {
            System.out.printf("Luna serves at %s (all calls: %s/docs)%n", server.url(), server.url());
        }
        return 0;
    }
}
