/**
 * When runs start by themselves: a nightly full run, an hourly refresh and the resumption of runs whose process died, as clustered Quartz
 * triggers. They only ask {@link dev.luna.batch.run.Runs}; the database decides.
 */
@NullMarked
package dev.luna.batch.schedule;

import org.jspecify.annotations.NullMarked;
