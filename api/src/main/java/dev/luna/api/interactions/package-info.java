/** What people did at places: views, interests and likes, with the time they stayed. */
@NullMarked
package dev.luna.api.interactions;

import org.jspecify.annotations.NullMarked;
