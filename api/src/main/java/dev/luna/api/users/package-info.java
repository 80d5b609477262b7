/** People: create, find, change, delete. */
@NullMarked
package dev.luna.api.users;

import org.jspecify.annotations.NullMarked;
