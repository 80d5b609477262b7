/**
 * Import and export of users, venues, interactions and social edges as CSV, and export of everyone's ranked venues.
 *
 * <p>An import goes from the files by binary COPY into temporary tables and from there into the tables, in one
 * transaction: {@link dev.luna.batch.transfer.CsvImport}. {@link dev.luna.batch.transfer.CsvExport} writes exactly what
 * an import reads; {@link dev.luna.batch.transfer.RankingsExport} writes
 * what readers see, or what another kept run has, as CSV or as JSON lines.
 */
@NullMarked
package dev.luna.batch.transfer;

import org.jspecify.annotations.NullMarked;
