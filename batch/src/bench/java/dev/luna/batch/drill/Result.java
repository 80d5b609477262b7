package dev.luna.batch.drill;

import org.jspecify.annotations.Nullable;

/**
 * What came of a fault.
 *
 * @param outcome what became of the run, in words
 * @param seconds from the fault to the end that was due; null if it never came
 * @param checksumEqual whether the run is as an undisturbed one; null when none was due
 * @param ok whether this is as it must be
 */
record Result(
        String outcome, @Nullable Double seconds, @Nullable Boolean checksumEqual, boolean ok) {

    /** The same with more to say, and as it must be only if that holds too. */
    Result and(String more, boolean holds) {
        return new Result(outcome + "; " + more, seconds, checksumEqual, ok && holds);
    }
}
