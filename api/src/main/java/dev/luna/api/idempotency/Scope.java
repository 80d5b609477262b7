package dev.luna.api.idempotency;

/** A key and the call it was sent to: method and path, in lower case. Keys of different calls do not meet. */
record Scope(String route, String key) {}
