/** The Spring Batch job behind a run: snapshot, partitioned scoring, verification, publication, retention. */
@NullMarked
package dev.luna.batch.job;

import org.jspecify.annotations.NullMarked;
