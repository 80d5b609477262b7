package dev.luna.api.reco;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Lets questions that are asked at the same time share an exchange with the database. One exchange at a time is under way;
 * what is asked meanwhile goes along with the next, since the way there and back, with its changes of thread and process,
 * costs several times what the database does for a question. Nothing is held back to wait for company, and nobody waits long
 * for the exchange of others: while one hangs, everybody else goes alone. An exchange begins after the questions that it
 * carries were asked, so an answer is as new as that of an exchange of one's own. Thread-safe.
 *
 * @param <Q> a question
 * @param <A> its answer
 */
final class Coalescer<Q, A> {

    /** Answers questions, in their order. */
    @FunctionalInterface
    interface Exchange<Q, A> {
        List<A> answers(List<Q> questions);
    }

    /** After so many questions in a row without company the asker's own thread carries the next, to spare two hand-overs. */
    static final int ALONE = 16;

    private static final Duration IDLE = Duration.ofSeconds(10);

    private final Executor carrier;
    private final int most;
    private final Duration patience;
    private final Exchange<Q, A> exchange;
    private final Queue<Asked<Q, A>> waiting = new ArrayDeque<>();
    private boolean isUnderWay;
    private long began;
    private int alone;

    /**
     * @param carrier of the questions, on one thread of its own
     * @param most how many questions an exchange may carry
     * @param patience how long an exchange may take before others do not wait for it any more
     */
    Coalescer(Executor carrier, int most, Duration patience, Exchange<Q, A> exchange) {
        this.carrier = carrier;
        this.most = most;
        this.patience = patience;
        this.exchange = exchange;
    }

    /** A thread that there is only while it has something to do, so nobody needs to end it. */
    static Executor carrier(String name) {
        ThreadPoolExecutor carrier =
                new ThreadPoolExecutor(1, 1, IDLE.toSeconds(), TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, name);
                    thread.setDaemon(true);
                    return thread;
                });
        carrier.allowCoreThreadTimeOut(true);
        return carrier;
    }

    private record Asked<Q, A>(Q question, CompletableFuture<A> answer) {}

    /** Waits for the answer. What an exchange throws is thrown to all whose questions it carried. */
    A ask(Q question) {
        Asked<Q, A> asked = new Asked<>(question, new CompletableFuture<>());
        if (carriesItself(asked)) {
            carry(List.of(asked));
            if (haveOthersCome()) {
                handOver();
            }
        } else if (!isTakenAlong(asked)) {
            carry(List.of(asked));
        }
        try {
            return asked.answer().join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw e;
        }
    }

    private boolean isTakenAlong(Asked<Q, A> asked) {
        try {
            asked.answer().get(leftOfPatience(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            synchronized (this) {
                return !waiting.remove(asked);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            // It is thrown to the asker with the answer.
        }
        return true;
    }

    private synchronized long leftOfPatience() {
        return patience.toNanos() - (System.nanoTime() - began);
    }

    private boolean carriesItself(Asked<Q, A> asked) {
        synchronized (this) {
            boolean isFree = !isUnderWay;
            if (isFree) {
                isUnderWay = true;
                began = System.nanoTime();
                if (alone == ALONE) {
                    return true;
                }
            }
            waiting.add(asked);
            if (!isFree) {
                return false;
            }
        }
        handOver();
        return false;
    }

    private synchronized boolean haveOthersCome() {
        isUnderWay = !waiting.isEmpty();
        return isUnderWay;
    }

    private void handOver() {
        try {
            carrier.execute(this::carryAll);
        } catch (RuntimeException | Error e) {
            // There is no thread to be had, and nobody must wait for ever.
            carryAll();
        }
    }

    private void carryAll() {
        for (List<Asked<Q, A>> group = next(); !group.isEmpty(); group = next()) {
            carry(group);
        }
    }

    private synchronized List<Asked<Q, A>> next() {
        List<Asked<Q, A>> group = new ArrayList<>();
        while (group.size() < most && !waiting.isEmpty()) {
            group.add(waiting.remove());
        }
        isUnderWay = !group.isEmpty();
        if (isUnderWay) {
            began = System.nanoTime();
            alone = group.size() > 1 ? 0 : Math.min(alone + 1, ALONE);
        }
        return group;
    }

    private void carry(List<Asked<Q, A>> group) {
        try {
            List<A> answers =
                    exchange.answers(group.stream().map(Asked::question).toList());
            for (int i = 0; i < group.size(); i++) {
                group.get(i).answer().complete(answers.get(i));
            }
        } catch (RuntimeException | Error e) {
            group.forEach(asked -> asked.answer().completeExceptionally(e));
        }
    }
}
