/**
 * The fault drill: real processes on a real database are killed, frozen and cut off at known places, while a reader checks
 * every answer. Nothing in the program knows of it: it strikes from outside, where a lock of its own session holds a step.
 */
@NullMarked
package dev.luna.batch.drill;

import org.jspecify.annotations.NullMarked;
