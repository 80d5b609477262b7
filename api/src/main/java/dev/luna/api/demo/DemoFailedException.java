package dev.luna.api.demo;

import org.jspecify.annotations.Nullable;

/** Why the demo cannot go on. The message says so in a sentence, and what to do where something can be done. */
public final class DemoFailedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    DemoFailedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
