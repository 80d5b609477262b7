package dev.luna.batch.transfer;

/**
 * A column of a CSV file and of its table, under the same name in both.
 *
 * @param name its name
 * @param type what its fields hold
 * @param presence whether it may be left out
 */
record Column(String name, FieldType type, Presence presence) {

    enum Presence {
        /** Every row has a value. */
        REQUIRED,
        /** The column may be absent and its fields may be empty, which means unknown. */
        OPTIONAL
    }

    static Column required(String name, FieldType type) {
        return new Column(name, type, Presence.REQUIRED);
    }

    static Column optional(String name, FieldType type) {
        return new Column(name, type, Presence.OPTIONAL);
    }

    boolean isRequired() {
        return presence == Presence.REQUIRED;
    }
}
