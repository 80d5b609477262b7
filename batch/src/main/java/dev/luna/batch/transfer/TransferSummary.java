package dev.luna.batch.transfer;

import java.util.List;

/**
 * What an import or export did.
 *
 * @param files one entry per file, in the order users, venues, interactions, social edges
 */
public record TransferSummary(List<FileSummary> files) {

    public TransferSummary {
        files = List.copyOf(files);
    }

    /**
     * One file.
     *
     * @param file its name
     * @param rows data rows in it
     * @param changed rows of the table that were inserted or changed; 0 for an export
     */
    public record FileSummary(String file, long rows, long changed) {}
}
