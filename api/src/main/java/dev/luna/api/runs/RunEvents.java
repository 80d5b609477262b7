package dev.luna.api.runs;

import dev.luna.api.web.Wire;
import dev.luna.batch.run.Run;
import dev.luna.batch.run.RunState;
import dev.luna.batch.run.Runs;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * Tells watchers about runs, in whatever process these are: looks twice a second at each watched run, however many watch it,
 * and sends what changed; it waits for none of them. Ends after this process's runs, to tell their ends too, and before the
 * web server, which would wait for open streams. Thread-safe.
 */
@Component
class RunEvents implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(RunEvents.class);

    private static final long POLL_MILLIS = 500;

    /** A comment this often finds watchers that have gone, and keeps proxies from cutting a quiet stream. */
    private static final Duration PROBE_EVERY = Duration.ofSeconds(15);

    /** How long a shutdown waits for a last look at the runs; the database may be away. */
    private static final long LAST_LOOK_MILLIS = 1000;

    private static final long NO_TIMEOUT = 0;

    /** When a watcher who lost the stream comes back. */
    private static final long RECONNECT_MILLIS = 2000;

    private static final byte[] NOTHING_NEW = ":nothing new\n\n".getBytes(StandardCharsets.UTF_8);

    private final Runs runs;
    private final JsonMapper mapper;
    private final Duration probeEvery;
    private final Map<Long, Watched> watched = new ConcurrentHashMap<>();
    private @Nullable ScheduledExecutorService looks;

    /** Beside the looks, which wait long while the database is away. */
    private @Nullable ScheduledExecutorService probes;

    /** Only after it ran: before that, whoever watches is told when it starts. */
    private volatile boolean isOver;

    @Autowired
    RunEvents(Runs runs, JsonMapper mapper) {
        this(runs, mapper, PROBE_EVERY);
    }

    RunEvents(Runs runs, JsonMapper mapper, Duration probeEvery) {
        this.runs = runs;
        this.mapper = mapper;
        this.probeEvery = probeEvery;
    }

    /** Names what an event told; of a run that has ended, its end. */
    static String idOf(Run run) {
        Instant end = run.finishedAt();
        return Wire.name(run.state()) + "-" + (end == null ? run.progress().usersDone() : end.toEpochMilli());
    }

    /** Streams that run from now on: its state at once, then every change, until it ends or the process does. */
    void watch(long runId, AsyncContext request) throws IOException {
        request.setTimeout(NO_TIMEOUT);
        ServletOutputStream out = request.getResponse().getOutputStream();
        EventStream stream = new EventStream(request, out, gone -> leave(runId, gone));
        watched.compute(runId, (id, known) -> {
            Watched watchers = known == null ? new Watched() : known;
            watchers.streams.add(stream);
            watchers.last = null;
            return watchers;
        });
        stream.open();
        // Looked at after it was added: whoever stops ends what was added before.
        if (isOver) {
            stream.end();
        }
    }

    private void leave(long runId, EventStream stream) {
        watched.computeIfPresent(runId, (id, watchers) -> {
            watchers.streams.remove(stream);
            return watchers.streams.isEmpty() ? null : watchers;
        });
    }

    private void poll() {
        watched.forEach((runId, watchers) -> {
            try {
                Run run = runs.get(runId);
                RunView view = RunView.of(run, runs.partitions(runId));
                if (!view.equals(watchers.last)) {
                    watchers.last = view;
                    byte[] event = event(run, view);
                    boolean isLast = run.state() != RunState.RUNNING;
                    // In one walk: who is added meanwhile must not be ended without having been told.
                    watchers.streams.forEach(stream -> {
                        stream.tell(event);
                        if (isLast) {
                            stream.end();
                        }
                    });
                }
            } catch (DataAccessException e) {
                // The database is away; whoever watches hears more when it is back.
                watchers.last = null;
            } catch (RuntimeException | Error e) {
                // Thrown on, it would end all streams' news for good.
                log.error("Nothing can be told of run {} this time", runId, e);
                watchers.last = null;
            }
        });
    }

    private void probe() {
        watched.forEach((runId, watchers) -> {
            try {
                watchers.streams.forEach(stream -> stream.probe(NOTHING_NEW));
            } catch (RuntimeException | Error e) {
                // Thrown on, it would end all probes for good.
                log.error("Who watches run {} cannot be probed this time", runId, e);
            }
        });
    }

    private byte[] event(Run run, RunView view) {
        return "id:%s\nretry:%d\nevent:run\ndata:%s\n\n"
                .formatted(idOf(run), RECONNECT_MILLIS, mapper.writeValueAsString(view))
                .getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public synchronized void start() {
        isOver = false;
        looks = again(this::poll, "luna-run-events", POLL_MILLIS);
        probes = again(this::probe, "luna-run-probes", probeEvery.toMillis());
    }

    private static ScheduledExecutorService again(Runnable task, String name, long pauseMillis) {
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread thread = new Thread(work, name);
            thread.setDaemon(true);
            return thread;
        });
        timer.scheduleWithFixedDelay(task, pauseMillis, pauseMillis, TimeUnit.MILLISECONDS);
        return timer;
    }

    @Override
    public synchronized void stop() {
        if (looks != null && probes != null) {
            lookOnceMore(looks);
            probes.shutdownNow();
            looks = null;
            probes = null;
        }
        isOver = true;
        watched.values().forEach(watchers -> watchers.streams.forEach(EventStream::end));
    }

    private void lookOnceMore(ScheduledExecutorService looking) {
        try {
            looking.execute(this::poll);
            looking.shutdown();
            looking.awaitTermination(LAST_LOOK_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        looking.shutdownNow();
    }

    @Override
    public synchronized boolean isRunning() {
        return looks != null;
    }

    @Override
    public int getPhase() {
        return WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE + 1;
    }

    /** Who watches a run, and what they were told last; null when somebody has not been told anything. */
    private static final class Watched {
        private final Set<EventStream> streams = ConcurrentHashMap.newKeySet();
        private volatile @Nullable RunView last;
    }
}
