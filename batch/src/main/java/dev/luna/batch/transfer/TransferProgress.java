package dev.luna.batch.transfer;

/** Hears how far an import or export is; called often, so it must be quick. */
@FunctionalInterface
public interface TransferProgress {

    /**
     * Tells the state.
     *
     * @param phase what is being done, such as {@code reading users.csv.gz}
     * @param done units of this phase done: bytes of all files while reading, rows while writing
     * @param total units of this phase in all, 0 when unknown
     */
    void show(String phase, long done, long total);
}
