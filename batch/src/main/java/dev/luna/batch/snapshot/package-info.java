/**
 * The inputs of a run: one consistent read of users, venues, interactions and edges, staged with the run in compact form,
 * and loaded from there as arrays.
 */
@NullMarked
package dev.luna.batch.snapshot;

import org.jspecify.annotations.NullMarked;
