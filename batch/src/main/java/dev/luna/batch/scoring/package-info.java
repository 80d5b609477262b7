/**
 * The formulas, and the kernels that rank all users by them: profile, venue catalog, venue and companion rankers, the
 * packed formats of rankings, and the brute-force definition they are checked against. Uses {@code java.*} and EJML only.
 */
@NullMarked
package dev.luna.batch.scoring;

import org.jspecify.annotations.NullMarked;
