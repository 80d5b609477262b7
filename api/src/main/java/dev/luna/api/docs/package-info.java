/** The API's description: the OpenAPI document, and the pages that show it. */
@NullMarked
package dev.luna.api.docs;

import org.jspecify.annotations.NullMarked;
