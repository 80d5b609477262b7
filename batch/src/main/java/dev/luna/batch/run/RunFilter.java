package dev.luna.batch.run;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which runs to list.
 *
 * @param states those in one of these states; all when empty
 * @param kind those of this kind; all when null
 */
public record RunFilter(Set<RunState> states, @Nullable RunKind kind) {

    /** Every run. */
    public static final RunFilter ALL = new RunFilter(Set.of(), null);

    public RunFilter {
        states = Set.copyOf(states);
    }
}
