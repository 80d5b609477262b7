/**
 * Runs: their lifecycle, lease and fencing, the gate before publication, the publication itself, rollback and retention.
 *
 * <p>Starts the computation through {@link dev.luna.batch.run.RunJob}, which the {@code job} package implements.
 */
@NullMarked
package dev.luna.batch.run;

import org.jspecify.annotations.NullMarked;
