/**
 * Where Luna's PostgreSQL comes from and how it gets its schema, the binary COPY that moves bulk rows in and out of it, and
 * what all who work with it share: the names of a run's tables, short transactions, threads side by side, text and failures as
 * they are shown.
 *
 * <p>Without {@code spring.datasource.url} an embedded PostgreSQL under {@code luna.home} is shared by all Luna
 * processes of that directory ({@link dev.luna.batch.database.SharedPostgres}); with it, nothing embedded starts.
 */
@NullMarked
package dev.luna.batch.database;

import org.jspecify.annotations.NullMarked;
