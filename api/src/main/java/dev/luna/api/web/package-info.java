/**
 * What all endpoints share: problem responses (RFC 9457), strict JSON, keyset paging, parameter checks, body limits.
 * Features use it; it knows none of them.
 */
@NullMarked
package dev.luna.api.web;

import org.jspecify.annotations.NullMarked;
