package dev.luna.batch.transfer;

/**
 * A column of a CSV file and of its table, under the same name in both.
 *
 * @param name its name
 * @param type what its fields hold
 * @param isRequired whether every row has a value; else the column may be absent and its fields empty, meaning unknown
 */
record Column(String name, FieldType type, boolean isRequired) {

    static Column required(String name, FieldType type) {
        return new Column(name, type, true);
    }

    static Column optional(String name, FieldType type) {
        return new Column(name, type, false);
    }
}
