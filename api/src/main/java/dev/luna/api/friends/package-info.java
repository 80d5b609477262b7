/** Social edges: who is close to whom, and how close. */
@NullMarked
package dev.luna.api.friends;

import org.jspecify.annotations.NullMarked;
