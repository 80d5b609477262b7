package dev.luna.api;

import dev.luna.api.demo.Demo;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(
        name = "demo",
        description = {
            "Serves a sample city: fills an empty database, ranks everyone, says what to open.",
            "In the sample city it also shows what a like does, and leaves it there."
        })
final class DemoCommand implements Callable<Integer> {

    @Override
    public Integer call() throws InterruptedException {
        RunningServer server = RunningServer.start("warn");
        if (server.isStopping()) {
            return 0;
        }
        Demo demo = server.bean(Demo.class);
        try {
            demo.prepare(System.out);
            demo.suggest(server.url(), System.out);
        } catch (RuntimeException failure) {
            // A server that was told to end cuts either short, which is no failure to tell of.
            if (!server.isStopping()) {
                throw failure;
            }
        }
        return 0;
    }
}
