/**
 * Luna's recompute: scoring, snapshot, run lifecycle, job, schedule, database, transfer, sample city and command line, one
 * package each.
 *
 * <p>{@link dev.luna.batch.LunaBatch} is all of it as a Spring application. The command line starts it as it is, the API
 * imports it. What the two have in common stands in {@code luna-defaults.properties}, which {@code LunaBatch} reads with the
 * lowest precedence: a plain file, because every other source (an application's own properties, the environment, the
 * command line) then overrides it without anybody having to know about it.
 */
@NullMarked
package dev.luna.batch;

import org.jspecify.annotations.NullMarked;
