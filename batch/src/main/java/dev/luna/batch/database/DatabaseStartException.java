package dev.luna.batch.database;

import org.jspecify.annotations.Nullable;

/** The database cannot be used; the message says what is in the way and what to do about it. */
public final class DatabaseStartException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    DatabaseStartException(String message) {
        this(message, null);
    }

    DatabaseStartException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
