package dev.luna.api.web;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import java.io.IOException;

/** A request body somebody looks at while a call reads it. */
abstract class WatchedBody extends ServletInputStream {

    private final ServletInputStream source;

    WatchedBody(ServletInputStream source) {
        this.source = source;
    }

    /**
     * More of the body is here.
     *
     * @param bytes how much came with this read
     * @throws IOException when the body is to be read no further; the reader gets it instead of the bytes
     */
    abstract void received(int bytes) throws IOException;

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int n = source.read(buffer, offset, length);
        if (n >= 0) {
            received(n);
        }
        return n;
    }

    @Override
    public boolean isFinished() {
        return source.isFinished();
    }

    @Override
    public boolean isReady() {
        return source.isReady();
    }

    @Override
    public void setReadListener(ReadListener listener) {
        source.setReadListener(listener);
    }
}
