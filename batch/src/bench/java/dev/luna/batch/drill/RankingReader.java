package dev.luna.batch.drill;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Asks one server for rankings all the time and compares each answer with what the named run must say. An error counts
 * unless the drill says that the database is cut off just then.
 */
final class RankingReader implements AutoCloseable {

    /** Long enough not to take a core from what is drilled. */
    private static final long PAUSE_MILLIS = 15;

    private static final long SETTLE_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final String base;
    private final List<UUID> users;
    private final Answers answers;
    private final AtomicLong right = new AtomicLong();
    private final AtomicLong wrong = new AtomicLong();
    private final AtomicLong errors = new AtomicLong();
    private final AtomicLong errorsWhileCutOff = new AtomicLong();
    private final Thread thread = new Thread(this::read, "drill-reader");
    private volatile boolean cutOff;
    private volatile long settledAt = System.nanoTime();
    private volatile boolean ended;
    private volatile @Nullable String firstProblem;

    RankingReader(int port, List<UUID> users, Answers answers) {
        this.base = "http://127.0.0.1:" + port;
        this.users = List.copyOf(users);
        this.answers = answers;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** The answer about one user: which run gave it, and the body. */
    HttpResponse<String> ask(UUID user) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create(base + "/reco/venues/" + user + "?limit=10"))
                        .timeout(Duration.ofSeconds(20))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** Whether the answer about that user is that run's. */
    boolean sees(UUID user, long run) throws InterruptedException {
        try {
            return ask(user).headers().firstValue("Luna-Run").orElse("").equals(Long.toString(run));
        } catch (IOException e) {
            return false;
        }
    }

    /** From now on the database is away, or its sessions are being cut: only then may a read fail. */
    void expectErrors() {
        cutOff = true;
    }

    /** The database is there again; for a moment a read may still be given a session that is gone. */
    void expectNoErrors() {
        settledAt = System.nanoTime() + SETTLE_NANOS;
        cutOff = false;
    }

    private boolean isCutOff() {
        return cutOff || System.nanoTime() - settledAt < 0;
    }

    private void read() {
        for (int n = 0; !ended; n++) {
            UUID user = users.get(n % users.size());
            // An answer may have begun before the database went, or ended after it came back.
            boolean before = isCutOff();
            try {
                HttpResponse<String> answer = ask(user);
                if (answer.statusCode() != 200) {
                    error(before, answer.statusCode() + " " + answer.body());
                } else {
                    compare(user, answer);
                }
                Thread.sleep(PAUSE_MILLIS);
            } catch (IOException e) {
                error(before, e.toString());
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void compare(UUID user, HttpResponse<String> answer) {
        String run = answer.headers().firstValue("Luna-Run").orElse("");
        String source = answer.headers().firstValue("Luna-Source").orElse("");
        if (source.equals("run") && answers.isRight(Long.parseLong(run), user, answer.body())) {
            right.incrementAndGet();
        } else {
            wrong.incrementAndGet();
            problem("run %s (%s) said about %s: %s".formatted(run, source, user, answer.body()));
        }
    }

    private void error(boolean before, String what) {
        if (before || isCutOff()) {
            errorsWhileCutOff.incrementAndGet();
        } else {
            errors.incrementAndGet();
            problem(what);
        }
    }

    private void problem(String what) {
        if (firstProblem == null) {
            firstProblem = what;
        }
    }

    boolean isSatisfied() {
        return wrong.get() == 0 && errors.get() == 0 && right.get() > 0;
    }

    @Override
    public String toString() {
        String text =
                "reader: %,d answers right, %,d wrong or mixed, %,d errors, %,d errors while the database was cut off"
                        .formatted(right.get(), wrong.get(), errors.get(), errorsWhileCutOff.get());
        return firstProblem == null ? text : text + System.lineSeparator() + "  first: " + firstProblem;
    }

    @Override
    public void close() {
        ended = true;
        thread.interrupt();
    }
}
