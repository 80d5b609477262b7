package dev.luna.batch.run;

/**
 * A process's right to work on a run: the lease it holds.
 *
 * @param runId the run
 * @param token the fencing token; whoever takes the run over gets a larger one, and from then on this one writes nothing
 */
public record Claim(long runId, long token) {}
