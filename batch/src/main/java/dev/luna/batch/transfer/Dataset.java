package dev.luna.batch.transfer;

import static dev.luna.batch.transfer.Column.optional;
import static dev.luna.batch.transfer.Column.required;

import java.util.List;

/** The four files, in the order in which their rows can be written: what is referred to comes first. */
enum Dataset {
    USERS(
            "users",
            "users",
            required("id", new FieldType.Id()),
            required("handle", new FieldType.Name(64)),
            required("name", new FieldType.Name(200)),
            optional("age", new FieldType.Whole(0, 150)),
            optional("home_lat", new FieldType.Decimal(-90, 90)),
            optional("home_lng", new FieldType.Decimal(-180, 180)),
            optional("created_at", new FieldType.Moment())),
    VENUES(
            "venues",
            "venues",
            required("id", new FieldType.Id()),
            required("name", new FieldType.Name(200)),
            optional("description", new FieldType.Text(4000)),
            optional("category", new FieldType.Text(100)),
            required("lat", new FieldType.Decimal(-90, 90)),
            required("lng", new FieldType.Decimal(-180, 180)),
            optional("price_level", new FieldType.Whole(1, 4)),
            optional("rating", new FieldType.Decimal(0, 5)),
            optional("created_at", new FieldType.Moment())),
    INTERACTIONS(
            "interactions",
            "user_venue_interactions",
            optional("id", new FieldType.Id()),
            required("user_id", new FieldType.Id()),
            required("venue_id", new FieldType.Id()),
            required("interaction_type", new FieldType.Choice(List.of("view", "interest", "like"))),
            optional("dwell_time", new FieldType.Whole(0, Integer.MAX_VALUE)),
            optional("created_at", new FieldType.Moment())),
    SOCIAL_EDGES(
            "social_edges",
            "user_social_edges",
            optional("id", new FieldType.Id()),
            required("user_id", new FieldType.Id()),
            required("other_user_id", new FieldType.Id()),
            required("relationship_type", new FieldType.Choice(List.of("friend", "mutual", "suggested"))),
            required("strength", new FieldType.Decimal(0, 1)),
            optional("created_at", new FieldType.Moment()));

    private final String fileStem;
    private final String table;
    private final List<Column> columns;

    Dataset(String fileStem, String table, Column... columns) {
        this.fileStem = fileStem;
        this.table = table;
        this.columns = List.of(columns);
    }

    /** Name of the file without its extension. */
    String fileStem() {
        return fileStem;
    }

    String table() {
        return table;
    }

    /** The temporary table of an import. */
    String stagingTable() {
        return "import_" + fileStem;
    }

    /** All columns, in the order of an export. */
    List<Column> columns() {
        return columns;
    }
}
