/** Whether the service can answer. */
@NullMarked
package dev.luna.api.health;

import org.jspecify.annotations.NullMarked;
