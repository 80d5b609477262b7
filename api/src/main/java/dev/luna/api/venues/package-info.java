/** Places: create, find (also near a point), change, delete. */
@NullMarked
package dev.luna.api.venues;

import org.jspecify.annotations.NullMarked;
