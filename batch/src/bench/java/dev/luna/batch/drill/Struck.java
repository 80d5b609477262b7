package dev.luna.batch.drill;

import org.jspecify.annotations.Nullable;

/**
 * One row of the drill's table.
 *
 * @param fault what was done
 * @param where where it struck
 * @param outcome what became of the run, in words
 * @param seconds from the fault to the end that was due; null if it never came
 * @param checksumEqual whether the run's checksum and stored rows are those of an undisturbed run; null when none was due
 * @param ok whether this is as it must be
 */
public record Struck(
        String fault,
        String where,
        String outcome,
        @Nullable Double seconds,
        @Nullable Boolean checksumEqual,
        boolean ok) {}
