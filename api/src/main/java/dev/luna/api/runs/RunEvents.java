package dev.luna.api.runs;

import dev.luna.api.web.Wire;
import dev.luna.batch.run.Run;
import dev.luna.batch.run.RunState;
import dev.luna.batch.run.Runs;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * Tells watchers about runs, in whatever process these are: looks twice a second at each watched run, however many watch it,
 * and sends what changed. Ends before the web server does, which would wait for open streams. Thread-safe.
 */
@Component
class RunEvents implements SmartLifecycle {

    private static final long POLL_MILLIS = 500;

    /** A comment this often finds watchers that have gone, and keeps proxies from cutting a quiet stream. */
    private static final int QUIET_POLLS = 30;

    private static final long NO_TIMEOUT = 0;

    /** When a watcher who lost the stream comes back. */
    private static final long RECONNECT_MILLIS = 2000;

    private final Runs runs;
    private final Map<Long, Watched> watched = new ConcurrentHashMap<>();
    private @Nullable ScheduledExecutorService timer;

    RunEvents(Runs runs) {
        this.runs = runs;
    }

    /** Names what an event told; of a run that has ended, its end. */
    static String idOf(Run run) {
        Instant end = run.finishedAt();
        return Wire.name(run.state()) + "-" + (end == null ? run.progress().usersDone() : end.toEpochMilli());
    }

    /** A stream of that run from now on: its state at once, then every change, until it ends. */
    SseEmitter of(long runId) {
        SseEmitter emitter = new SseEmitter(NO_TIMEOUT);
        watched.compute(runId, (id, known) -> {
            Watched watchers = known == null ? new Watched() : known;
            watchers.emitters.add(emitter);
            watchers.last = null;
            return watchers;
        });
        Runnable leave = () -> leave(runId, emitter);
        emitter.onCompletion(leave);
        emitter.onError(gone -> leave.run());
        return emitter;
    }

    private void leave(long runId, SseEmitter emitter) {
        watched.computeIfPresent(runId, (id, watchers) -> {
            watchers.emitters.remove(emitter);
            return watchers.emitters.isEmpty() ? null : watchers;
        });
    }

    private void poll() {
        watched.forEach((runId, watchers) -> {
            try {
                Run run = runs.get(runId);
                RunView view = RunView.of(run, runs.partitions(runId));
                if (!view.equals(watchers.last)) {
                    watchers.quiet = 0;
                    watchers.last = view;
                    send(
                            watchers,
                            SseEmitter.event()
                                    .id(idOf(run))
                                    .reconnectTime(RECONNECT_MILLIS)
                                    .name("run")
                                    .data(view));
                } else if (++watchers.quiet % QUIET_POLLS == 0) {
                    send(watchers, SseEmitter.event().comment("nothing new"));
                }
                if (run.state() != RunState.RUNNING) {
                    watchers.emitters.forEach(SseEmitter::complete);
                }
            } catch (DataAccessException e) {
                // The database is away; whoever watches hears more when it is back.
                watchers.last = null;
            }
        });
    }

    private void send(Watched watchers, SseEmitter.SseEventBuilder event) {
        Set<ResponseBodyEmitter.DataWithMediaType> data = event.build();
        for (SseEmitter emitter : watchers.emitters) {
            try {
                emitter.send(data);
            } catch (IOException | IllegalStateException e) {
                emitter.completeWithError(e);
            }
        }
    }

    @Override
    public synchronized void start() {
        timer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "luna-run-events");
            thread.setDaemon(true);
            return thread;
        });
        timer.scheduleWithFixedDelay(this::poll, POLL_MILLIS, POLL_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public synchronized void stop() {
        if (timer != null) {
            timer.shutdownNow();
            timer = null;
        }
        watched.values().forEach(watchers -> watchers.emitters.forEach(SseEmitter::complete));
    }

    @Override
    public synchronized boolean isRunning() {
        return timer != null;
    }

    @Override
    public int getPhase() {
        return Integer.MAX_VALUE;
    }

    /** Who watches a run, and what they were told last; null when somebody has not been told anything. */
    private static final class Watched {
        private final Set<SseEmitter> emitters = ConcurrentHashMap.newKeySet();
        private volatile @Nullable RunView last;
        private int quiet;
    }
}
