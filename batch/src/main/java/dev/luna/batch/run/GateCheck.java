package dev.luna.batch.run;

import org.jspecify.annotations.Nullable;

/**
 * One check of the gate before publication.
 *
 * @param name what was measured, in snake case
 * @param value what was found; null when there was nothing to compare with
 * @param min lowest value that passes
 * @param max highest value that passes
 * @param ok whether it passed
 * @param detail the finding in words
 */
public record GateCheck(String name, @Nullable Double value, double min, double max, boolean ok, String detail) {

    /** A check that passes when {@code value} lies in [min, max]; NaN never does. */
    static GateCheck of(String name, double value, double min, double max, String detail) {
        return new GateCheck(name, value, min, max, value >= min && value <= max, detail);
    }
}
