package dev.luna.api.runs;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The server-sent events of one watcher. Nobody waits for him: an event that he cannot take yet is kept until he can, and a
 * newer one takes its place. Whoever takes nothing at all is cut off by the server's write timeout. Thread-safe.
 */
final class EventStream implements WriteListener, AsyncListener {

    private final AsyncContext request;
    private final ServletOutputStream out;
    private final Consumer<EventStream> whenOver;

    private byte @Nullable [] next;
    private boolean isFlushed;
    private boolean isLast;
    private boolean isOpen;

    /**
     * @param out the response's output, to which nothing has been written
     * @param whenOver called when the stream has ended or the watcher is gone, perhaps more than once
     */
    EventStream(AsyncContext request, ServletOutputStream out, Consumer<EventStream> whenOver) {
        this.request = request;
        this.out = out;
        this.whenOver = whenOver;
    }

    /** Begins to write: the headers, and what it was told before. */
    synchronized void open() {
        isOpen = true;
        request.addListener(this);
        out.setWriteListener(this);
    }

    /** Writes an event as soon as the watcher can take it, unless a newer one comes before that. */
    synchronized void tell(byte[] event) {
        next = event;
        writeWhatFits();
    }

    /** Writes something to see whether the watcher is still there, unless an event waits for him anyway. */
    synchronized void probe(byte[] comment) {
        if (next == null) {
            tell(comment);
        }
    }

    /** Ends the stream after what waits to be written. */
    synchronized void end() {
        isLast = true;
        writeWhatFits();
    }

    @Override
    public synchronized void onWritePossible() {
        writeWhatFits();
    }

    private void writeWhatFits() {
        try {
            while (isOpen && out.isReady()) {
                if (next != null) {
                    byte[] event = next;
                    next = null;
                    isFlushed = false;
                    out.write(event);
                } else if (!isFlushed) {
                    isFlushed = true;
                    out.flush();
                } else if (isLast) {
                    close();
                } else {
                    return;
                }
            }
        } catch (IOException e) {
            // The watcher is gone. The server calls onError, which ends the request.
            leave();
        }
    }

    private synchronized void close() {
        if (isOpen) {
            leave();
            request.complete();
        }
    }

    private synchronized void leave() {
        isOpen = false;
        whenOver.accept(this);
    }

    /** Of the output: writing failed, or took longer than the server's write timeout. */
    @Override
    public void onError(Throwable failure) {
        leave();
    }

    /** Of the request, after the output's. */
    @Override
    public void onError(AsyncEvent event) {
        leave();
        event.getAsyncContext().complete();
    }

    @Override
    public void onComplete(AsyncEvent event) {
        leave();
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        close();
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
        // Nobody starts it again.
    }
}
