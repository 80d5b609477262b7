/** Luna's web module: rankings, CRUD, plans and runs over REST, one package per feature. */
@NullMarked
package dev.luna.api;

import org.jspecify.annotations.NullMarked;
