/** Runs for operators: start, look, stop, restart, publish. The lifecycle itself is {@code dev.luna.batch.run}. */
@NullMarked
package dev.luna.api.runs;

import org.jspecify.annotations.NullMarked;
