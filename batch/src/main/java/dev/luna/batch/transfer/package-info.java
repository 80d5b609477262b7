/**
 * Import and export of users, venues, interactions and social edges as CSV.
 *
 * <p>An import goes from the files by binary COPY into temporary tables and from there into the tables, in one
 * transaction: {@link dev.luna.batch.transfer.CsvImport}. {@link dev.luna.batch.transfer.CsvExport} writes exactly what
 * an import reads.
 */
@NullMarked
package dev.luna.batch.transfer;

import org.jspecify.annotations.NullMarked;
