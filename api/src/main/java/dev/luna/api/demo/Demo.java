package dev.luna.api.demo;

import dev.luna.batch.run.Run;
import dev.luna.batch.run.RunProgress;
import dev.luna.batch.run.RunRefusedException;
import dev.luna.batch.run.Runs;
import dev.luna.batch.sample.SampleCity;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Locale;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Makes sure that there is something to look at, and says where to look. */
@Component
public final class Demo {

    private final SampleCity city;
    private final Runs runs;
    private final JdbcClient jdbc;

    Demo(SampleCity city, Runs runs, JdbcClient jdbc) {
        this.city = city;
        this.runs = runs;
        this.jdbc = jdbc;
    }

    /**
     * Loads the sample city into an empty database and computes the first rankings, unless there are some. Leaves data that
     * is there as it is.
     *
     * @return the published run
     * @throws DemoFailedException when there is nothing to rank, or the run did not complete
     */
    public Run prepare(PrintStream out) throws InterruptedException {
        if (city.loadIfEmpty()) {
            out.println("The sample city is in the database.");
        }
        Optional<Run> published = runs.published();
        return published.isPresent() ? published.get() : firstRun(out);
    }

    /**
     * What to open, for a server at {@code url}, and in the sample city a tour of what a like does. The tour records a like
     * of the sample's guide; in other data it does not take place.
     *
     * @throws DemoFailedException when the server does not answer the tour's calls
     */
    public void suggest(String url, PrintStream out) throws InterruptedException {
        out.printf("%nLuna is ready: open %s/ and pick a person.%n", url);
        Optional<String> guide = guide();
        if (guide.isPresent()) {
            try {
                new Tour(url, out).of(SampleCity.GUIDE, guide.get());
            } catch (IOException e) {
                // A connection that is refused or cut is told without a message.
                String why = e.getMessage() == null ? url + " does not answer" : e.getMessage();
                throw new DemoFailedException("the tour failed: " + why, e);
            }
            out.printf("%n  With whom?%n    curl '%s/reco/people/%s?limit=3'%n", url, SampleCity.GUIDE);
        }
        out.printf("%n  All calls, to try out:%n    %s/docs%n", url);
        out.printf("%nStop with Ctrl-C; the data stays for the next start.%n");
        out.flush();
    }

    private Run firstRun(PrintStream out) throws InterruptedException {
        Run started;
        try {
            started = runs.start(null, null, false, "demo").run();
        } catch (RunRefusedException refused) {
            Run running = refused.run();
            if (running == null) {
                throw new DemoFailedException(String.valueOf(refused.getMessage()), refused);
            }
            // Another process computes already: its run is as good as one of ours, if it is no trial.
            started = running;
        }
        long[] shown = {-1};
        Run ended = runs.await(started.id(), run -> show(run.progress(), shown, out));
        if (ended.hold()) {
            return firstRun(out); // a trial was there before, which nobody reads
        }
        if (!ended.published()) {
            throw new DemoFailedException("run %d: %s".formatted(ended.id(), ended.sentence()), null);
        }
        return ended;
    }

    private static void show(RunProgress progress, long[] shown, PrintStream out) {
        Long total = progress.usersTotal();
        if (total != null && progress.usersDone() != shown[0]) {
            shown[0] = progress.usersDone();
            out.printf(Locale.ROOT, "Ranked %,d of %,d people.%n", progress.usersDone(), total);
        }
    }

    /** The guide's name, where there is the sample city. */
    private Optional<String> guide() {
        return jdbc.sql("select name from users where id = :id")
                .param("id", SampleCity.GUIDE)
                .query(String.class)
                .optional();
    }
}
