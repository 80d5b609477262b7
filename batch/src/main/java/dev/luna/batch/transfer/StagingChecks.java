package dev.luna.batch.transfer;

import org.springframework.jdbc.core.simple.JdbcClient;

/** What can be said about staged rows only by looking at all of them, or at the tables. Adds an error per row. */
final class StagingChecks {

    private final JdbcClient jdbc;
    private final ImportErrors errors;

    StagingChecks(JdbcClient jdbc, ImportErrors errors) {
        this.jdbc = jdbc;
        this.errors = errors;
    }

    /** Ids, handles and pairs that a file has twice, and handles that belong to somebody who is not in the file. */
    void checkUniqueness(StagedFile file) {
        if (file.header().has("id")) {
            checkRepeated(file, "id", "id");
        }
        switch (file.dataset()) {
            case USERS -> {
                checkRepeated(file, "handle", "handle");
                checkHandlesTaken(file);
            }
            case SOCIAL_EDGES -> checkRepeated(file, "user_id, other_user_id", "other_user_id");
            case VENUES, INTERACTIONS -> {}
        }
    }

    /** Users and venues that are referred to but neither in the files nor in the tables. Call it once those are written. */
    void checkReferences(StagedFile file) {
        switch (file.dataset()) {
            case INTERACTIONS -> {
                checkKnown(file, "user_id", "users", "user");
                checkKnown(file, "venue_id", "venues", "venue");
            }
            case SOCIAL_EDGES -> {
                checkKnown(file, "user_id", "users", "user");
                checkKnown(file, "other_user_id", "users", "user");
            }
            case USERS, VENUES -> {}
        }
    }

    private void checkRepeated(StagedFile file, String key, String column) {
        // Counting groups needs no sort, so this stays cheap for files without an error.
        String sql = """
                select concat_ws(' -> ', %1$s) as value, min(line) as first, max(line) as last
                from %2$s
                where num_nulls(%1$s) = 0
                group by %1$s
                having count(*) > 1
                order by last
                limit ?
                """.formatted(key, file.dataset().stagingTable());
        jdbc.sql(sql).param(errors.room()).query(row -> {
            errors.add(
                    file.source().fileName(),
                    row.getLong("last"),
                    column,
                    row.getString("value") + " is on line " + row.getLong("first") + " already");
        });
    }

    private void checkHandlesTaken(StagedFile file) {
        String sql = """
                select s.line, s.handle, u.id
                from import_users s
                join users u on u.handle = s.handle and u.id <> s.id
                where not exists (select from import_users o where o.id = u.id)
                order by s.line
                limit ?
                """;
        jdbc.sql(sql).param(errors.room()).query(row -> {
            errors.add(
                    file.source().fileName(),
                    row.getLong("line"),
                    "handle",
                    "'" + row.getString("handle") + "' is taken by user " + row.getString("id"));
        });
    }

    private void checkKnown(StagedFile file, String column, String table, String what) {
        String sql = """
                select s.line, s.%1$s as id
                from %2$s s
                where not exists (select from %3$s t where t.id = s.%1$s)
                order by s.line
                limit ?
                """.formatted(column, file.dataset().stagingTable(), table);
        jdbc.sql(sql).param(errors.room()).query(row -> {
            errors.add(
                    file.source().fileName(),
                    row.getLong("line"),
                    column,
                    "no " + what + " " + row.getString("id") + " in the files or in the database");
        });
    }
}
