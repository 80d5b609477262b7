package dev.luna.batch.sample;

import static org.assertj.core.api.Assertions.assertThat;

import dev.luna.batch.database.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** {@code sql/bench/data.sql} makes what it was asked for, and it fits together, although it is loaded unchecked. */
class BenchmarkDataIT {

    private static final TestDatabase DATABASE = TestDatabase.migrated();
    private static final TestDatabase AGAIN = TestDatabase.migrated();

    /** Two cities, of some 600 and 400 people with up to 10 friends each. */
    @BeforeAll
    static void twoSmallCities() throws IOException, SQLException {
        load(DATABASE);
        load(AGAIN);
    }

    @Test
    void thereIsAsMuchAsWasAskedFor() {
        assertThat(count("users")).isEqualTo(1_000);
        assertThat(count("venues")).isEqualTo(1_200);
        assertThat(count("user_venue_interactions")).isEqualTo(20_000);
        assertThat(count("user_social_edges")).isEqualTo(9_500);
    }

    @Test
    void everyReferenceHolds() {
        assertThat(count("user_venue_interactions i where not exists (select from users u where u.id = i.user_id)"))
                .isZero();
        assertThat(count("user_venue_interactions i where not exists (select from venues v where v.id = i.venue_id)"))
                .isZero();
        assertThat(count("user_social_edges e where not exists (select from users u where u.id = e.user_id)"))
                .isZero();
        assertThat(count("user_social_edges e where not exists (select from users u where u.id = e.other_user_id)"))
                .isZero();
    }

    @Test
    void noPairOfPeopleIsJoinedTwice() {
        assertThat(count("(select distinct user_id, other_user_id from user_social_edges) pair"))
                .isEqualTo(9_500);
    }

    @Test
    void keysAndIndexesAreThoseOfTheMigrations() {
        TestDatabase untouched = TestDatabase.migrated();

        assertThat(constraintsAndIndexes(DATABASE)).isEqualTo(constraintsAndIndexes(untouched));
    }

    @Test
    void equalSizesGiveEqualData() {
        for (String table : List.of("users", "venues", "user_venue_interactions", "user_social_edges")) {
            String digest = "select md5(string_agg(t::text, ',' order by id)) from " + table + " t";

            assertThat(AGAIN.jdbc().sql(digest).query(String.class).single())
                    .as(table)
                    .isEqualTo(DATABASE.jdbc().sql(digest).query(String.class).single());
        }
    }

    private static void load(TestDatabase database) throws IOException, SQLException {
        String script = Files.readString(Path.of("..", "sql", "bench", "data.sql"));
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("""
                    set local bench.users = '1000';
                    set local bench.venues = '1200';
                    set local bench.interactions = '20000';
                    set local bench.edges = '9500';
                    """);
            statement.execute(script);
            connection.commit();
        }
    }

    private static List<String> constraintsAndIndexes(TestDatabase database) {
        return database.jdbc().sql("""
                        select conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) || ' ' || convalidated
                        from pg_constraint where connamespace = 'public'::regnamespace
                        union all
                        select indexdef from pg_indexes where schemaname = 'public'
                        order by 1
                        """).query(String.class).list();
    }

    private static long count(String from) {
        return DATABASE.jdbc()
                .sql("select count(*) from " + from)
                .query(Long.class)
                .single();
    }
}
