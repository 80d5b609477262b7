/** Closed-loop load on a running server, and on the database row behind its answers. */
@NullMarked
package dev.luna.batch.reads;

import org.jspecify.annotations.NullMarked;
