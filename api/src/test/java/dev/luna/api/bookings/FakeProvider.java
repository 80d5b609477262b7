package dev.luna.api.bookings;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.test.context.DynamicPropertyRegistry;

/**
 * A provider on a port of its own that keeps its promise (one booking per Idempotency-Key) and misbehaves otherwise as it
 * is told to. It refuses what is not signed.
 */
public final class FakeProvider {

    public static final String SECRET = "a secret of more than 16 characters";

    /** Of who waits here for somebody that does not come: the test has failed. */
    private static final int MOST_PATIENCE_SECONDS = 20;

    /** Of an answer that nobody should read to its end. */
    private static final int LENGTHY_SPACES = 1 << 20;

    /** How calls are answered. */
    public enum Manner {
        CONFIRM,
        /** Books, and answers after the client has given up. */
        SLOW,
        /** Books, and gets stuck amid the answer. */
        HALF,
        DECLINE,
        /** Books, and closes the connection without an answer. */
        DROP_AFTER_BOOKING,
        DROP_BEFORE_BOOKING,
        /** Books, and answers with something else than JSON. */
        GARBAGE,
        /** Does what it is asked for, and says so at length. */
        LENGTHY,
        /** Books, and announces an answer by callback. */
        LATER,
        BROKEN,
        /** Asks to be called again later: what it is called for, it leaves undone. */
        BUSY,
        REFUSE_REQUEST,
        /** Declines or is at work on an earlier request: a 409 does not say which. */
        CONFLICT,
        /** Declines with a 409 that says so. */
        DECLINE_BY_CONFLICT,
        /** Answers with {@link #behaveBy a status} and nothing else. */
        STATUS
    }

    private final HttpServer server;
    private final Signature signature = new Signature(SECRET);
    private final Map<String, String> held = new ConcurrentHashMap<>();
    private final AtomicInteger references = new AtomicInteger();
    private final List<String> cancelled = new CopyOnWriteArrayList<>();
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final Semaphore arrivals = new Semaphore(0);
    private final List<String> bodies = new CopyOnWriteArrayList<>();
    private final Queue<Manner> next = new ConcurrentLinkedQueue<>();
    private volatile Manner manner = Manner.CONFIRM;
    private volatile int status;
    private volatile CountDownLatch patience = new CountDownLatch(0);

    public FakeProvider() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        server.createContext("/bookings", this::book);
        server.createContext("/bookings/cancel", this::cancel);
        server.setExecutor(Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "fake provider");
            thread.setDaemon(true);
            return thread;
        }));
        server.start();
    }

    /** Settings of a server that books here. */
    void configure(DynamicPropertyRegistry settings, String timeout, int retries) {
        settings.add("luna.booking.provider", () -> "http");
        settings.add("luna.booking.http.url", this::url);
        settings.add("luna.booking.http.secret", () -> SECRET);
        settings.add("luna.booking.http.timeout", () -> timeout);
        settings.add("luna.booking.http.retries", () -> retries);
        settings.add("luna.booking.http.backoff", () -> "10ms");
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/bookings";
    }

    public void behave(Manner manner) {
        patience.countDown();
        next.clear();
        this.manner = manner;
        arrivals.drainPermits();
        patience = new CountDownLatch(1);
    }

    void behaveBy(int status) {
        this.status = status;
        behave(Manner.STATUS);
    }

    /** Answers one call in one manner, and those that follow in another. */
    void behave(Manner once, Manner afterwards) {
        behave(afterwards);
        next.add(once);
    }

    /** Forgets everything. */
    void reset() {
        behave(Manner.CONFIRM);
        held.clear();
        cancelled.clear();
        calls.clear();
        bodies.clear();
    }

    /** References of the bookings that it holds now. */
    public List<String> held() {
        List<String> references = new ArrayList<>(held.values());
        references.removeAll(cancelled);
        return references;
    }

    public List<String> calls() {
        return calls;
    }

    /** What the requests for bookings said, byte by byte. */
    List<String> bodies() {
        return bodies;
    }

    /** Waits for that many calls since it was told how to behave. */
    public void awaitCalls(int count) throws InterruptedException {
        if (!arrivals.tryAcquire(count, MOST_PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("fewer than %d calls came".formatted(count));
        }
    }

    String reference(String bookingId) {
        return held.get(bookingId);
    }

    private void book(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        String key = exchange.getRequestHeaders().getFirst("Idempotency-Key");
        calls.add("book " + key);
        bodies.add(new String(body, StandardCharsets.UTF_8));
        arrivals.release();
        if (!isSigned(exchange, body)) {
            answer(exchange, 401, "{\"reason\": \"not signed\"}");
            return;
        }
        Manner once = next.poll();
        Manner now = once == null ? manner : once;
        switch (now) {
            case STATUS -> answer(exchange, status, "");
            case BROKEN -> answer(exchange, 500, "oops");
            case BUSY -> answer(exchange, 429, "{\"reason\": \"too many requests\"}");
            case REFUSE_REQUEST -> answer(exchange, 403, "{\"reason\": \"unknown customer\"}");
            case DECLINE -> answer(exchange, 200, "{\"status\": \"declined\", \"reason\": \"fully booked\"}");
            case CONFLICT -> answer(exchange, 409, "{\"reason\": \"fully booked\"}");
            case DECLINE_BY_CONFLICT ->
                answer(exchange, 409, "{\"status\": \"declined\", \"reason\": \"fully booked\"}");
            case DROP_BEFORE_BOOKING -> exchange.close();
            default -> {
                String reference = held.computeIfAbsent(key, k -> "R-" + references.incrementAndGet());
                answerBooked(exchange, now, reference);
            }
        }
    }

    private void answerBooked(HttpExchange exchange, Manner now, String reference) throws IOException {
        switch (now) {
            case DROP_AFTER_BOOKING -> exchange.close();
            case GARBAGE -> answer(exchange, 200, "<html>Thank you!");
            case LATER -> answer(exchange, 202, "");
            case SLOW -> {
                waitInVain();
                exchange.close();
            }
            case HALF -> {
                byte[] half = confirmed(reference).substring(0, 10).getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(201, 100);
                exchange.getResponseBody().write(half);
                exchange.getResponseBody().flush();
                waitInVain();
                exchange.close();
            }
            case LENGTHY -> answer(exchange, 201, confirmed(reference) + " ".repeat(LENGTHY_SPACES));
            default -> answer(exchange, 201, confirmed(reference));
        }
    }

    private static String confirmed(String reference) {
        return "{\"status\": \"confirmed\", \"external_ref\": \"%s\"}".formatted(reference);
    }

    private void waitInVain() {
        try {
            patience.await(MOST_PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void cancel(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        calls.add("cancel " + exchange.getRequestHeaders().getFirst("Idempotency-Key"));
        arrivals.release();
        if (!isSigned(exchange, body)) {
            answer(exchange, 401, "{\"reason\": \"not signed\"}");
            return;
        }
        if (manner == Manner.BROKEN) {
            answer(exchange, 500, "oops");
            return;
        }
        if (manner == Manner.STATUS) {
            answer(exchange, status, "");
            return;
        }
        if (manner == Manner.SLOW) {
            waitInVain();
            exchange.close();
            return;
        }
        String text = new String(body, StandardCharsets.UTF_8);
        held.values().stream()
                .filter(reference -> text.contains("\"" + reference + "\""))
                .forEach(cancelled::add);
        answer(exchange, 200, manner == Manner.LENGTHY ? "{}" + " ".repeat(LENGTHY_SPACES) : "{}");
    }

    private boolean isSigned(HttpExchange exchange, byte[] body) {
        return signature.accepts(
                String.valueOf(exchange.getRequestHeaders().getFirst(Signature.TIME_HEADER)),
                String.valueOf(exchange.getRequestHeaders().getFirst(Signature.SIGNATURE_HEADER)),
                body,
                Instant.now());
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        if (bytes.length > 0) {
            exchange.getResponseBody().write(bytes);
        }
        exchange.close();
    }
}
