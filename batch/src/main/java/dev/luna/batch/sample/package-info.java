/**
 * A fictitious city to look at: people, venues, what they like, whom they know and what they plan, always the same.
 * {@link dev.luna.batch.sample.SampleCity} puts it into an empty database.
 */
@NullMarked
package dev.luna.batch.sample;

import org.jspecify.annotations.NullMarked;
