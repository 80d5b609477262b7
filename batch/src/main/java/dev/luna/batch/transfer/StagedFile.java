package dev.luna.batch.transfer;

/**
 * A file whose rows lie in its staging table.
 *
 * @param source the file
 * @param header the columns it has
 * @param rows number of data rows
 * @param isTimeMissing whether some row has no created_at
 */
record StagedFile(CsvSource source, CsvHeader header, long rows, boolean isTimeMissing) {

    Dataset dataset() {
        return source.dataset();
    }
}
