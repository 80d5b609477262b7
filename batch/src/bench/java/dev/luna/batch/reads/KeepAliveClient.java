package dev.luna.batch.reads;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/1.1 over one kept connection, as little of it as a benchmark needs: the client shares the cores with the server that
 * it measures, so it reads bytes into one buffer and looks only at the status and at where the answer ends. It waits without
 * a timeout, which would take two more system calls a read. Opens a new connection when the server asks for that. Not
 * thread-safe.
 */
public final class KeepAliveClient implements Closeable {

    private final String host;
    private final int port;
    private @Nullable Socket socket;
    private byte[] buffer = new byte[1 << 16];
    private int filled;
    private int headLength;

    /** @param url of the server; only its host and port count */
    public KeepAliveClient(URI url) {
        host = url.getHost();
        port = url.getPort() < 0 ? 80 : url.getPort();
    }

    /** The bytes of a GET request; {@code etag} makes it conditional. */
    public byte[] request(String path, @Nullable String etag) {
        return ("GET " + path + " HTTP/1.1\r\nHost: " + host + ":" + port + "\r\nAccept: application/json\r\n"
                        + (etag == null ? "" : "If-None-Match: " + etag + "\r\n") + "\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** Sends a request and reads the whole answer; returns its status. */
    public int exchange(byte[] request) throws IOException {
        Socket open = socket;
        if (open == null) {
            open = new Socket(host, port);
            open.setTcpNoDelay(true);
            socket = open;
        }
        InputStream in = open.getInputStream();
        open.getOutputStream().write(request);
        filled = 0;
        headLength = -1;
        while (headLength < 0) {
            fill(in);
            headLength = endOfHead();
        }
        int status = Integer.parseInt(text(9, 12));
        if (status >= 200 && status != 204 && status != 304) {
            readBody(in);
        }
        if (header("Connection").filter("close"::equalsIgnoreCase).isPresent()) {
            close();
        }
        return status;
    }

    /** A header of the last answer. */
    public Optional<String> header(String name) {
        String wanted = name.toLowerCase(Locale.ROOT) + ":";
        int line = 0;
        while (line < headLength) {
            int end = line;
            while (buffer[end] != '\r') {
                end++;
            }
            if (end - line > wanted.length() && startsWith(line, wanted)) {
                return Optional.of(text(line + wanted.length(), end).strip());
            }
            line = end + 2;
        }
        return Optional.empty();
    }

    /** Head and body of the last answer, for messages. */
    public String lastAnswer() {
        return new String(buffer, 0, Math.min(filled, 2_000), StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        if (socket != null) {
            socket.close();
            socket = null;
        }
    }

    private void readBody(InputStream in) throws IOException {
        Optional<String> length = header("Content-Length");
        if (length.isPresent()) {
            int end = headLength + Integer.parseInt(length.get());
            while (filled < end) {
                fill(in);
            }
            return;
        }
        if (header("Transfer-Encoding").filter("chunked"::equalsIgnoreCase).isEmpty()) {
            throw new IOException("cannot tell where the answer ends: " + lastAnswer());
        }
        int chunk = headLength;
        int size;
        do {
            int endOfSize = chunk;
            while (endOfSize + 1 >= filled || buffer[endOfSize] != '\r') {
                if (endOfSize + 1 >= filled) {
                    fill(in);
                } else {
                    endOfSize++;
                }
            }
            size = Integer.parseInt(text(chunk, endOfSize), 16);
            chunk = endOfSize + 2 + size + 2;
            while (filled < chunk) {
                fill(in);
            }
        } while (size > 0);
    }

    private void fill(InputStream in) throws IOException {
        if (filled == buffer.length) {
            buffer = Arrays.copyOf(buffer, 2 * filled);
        }
        int read = in.read(buffer, filled, buffer.length - filled);
        if (read < 0) {
            throw new EOFException("the server closed the connection after " + filled + " bytes of an answer");
        }
        filled += read;
    }

    private int endOfHead() {
        for (int i = 3; i < filled; i++) {
            if (buffer[i] == '\n' && buffer[i - 1] == '\r' && buffer[i - 2] == '\n' && buffer[i - 3] == '\r') {
                return i + 1;
            }
        }
        return -1;
    }

    private boolean startsWith(int at, String lowerCase) {
        for (int i = 0; i < lowerCase.length(); i++) {
            if (Character.toLowerCase((char) buffer[at + i]) != lowerCase.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private String text(int from, int to) {
        return new String(buffer, from, to - from, StandardCharsets.US_ASCII);
    }
}
