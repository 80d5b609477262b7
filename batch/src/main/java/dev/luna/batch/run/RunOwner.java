package dev.luna.batch.run;

import java.time.Instant;

/**
 * The process that works on a run.
 *
 * @param name host and process id, {@code host:pid}
 * @param since when it took the run
 * @param leaseUntil when its lease ends unless renewed, on the database's clock; when it ended if it does not run any more,
 *     or now if a clock that was ahead wrote a later moment
 * @param live whether the lease still runs, on the database's clock; when not, the process is gone or cut off and the
 *     next start takes the run over
 */
public record RunOwner(String name, Instant since, Instant leaseUntil, boolean live) {}
