package dev.luna.batch.database;

import java.util.Objects;
import java.util.stream.Stream;

/** The way from a failure down to what it goes back to. */
public final class Causes {

    /** Some chains lead back to themselves. */
    private static final int LONGEST_CHAIN = 50;

    private Causes() {}

    /** The failure itself, its cause, that one's cause and so on. */
    public static Stream<Throwable> of(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause).limit(LONGEST_CHAIN);
    }
}
