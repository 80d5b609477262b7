/** Luna's recompute: scoring, snapshot, run lifecycle, job, schedule and command line, one package each. */
@NullMarked
package dev.luna.batch;

import org.jspecify.annotations.NullMarked;
