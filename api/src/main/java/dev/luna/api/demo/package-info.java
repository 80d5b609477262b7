/** What {@code luna demo} does beyond serving: a sample city, its first run, and words for newcomers. */
@NullMarked
package dev.luna.api.demo;

import org.jspecify.annotations.NullMarked;
