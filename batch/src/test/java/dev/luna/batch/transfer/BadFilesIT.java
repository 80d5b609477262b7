package dev.luna.batch.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.luna.batch.database.TestDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;

/** Each kind of bad row or header is refused with its place and reason, and leaves the database as it was. */
class BadFilesIT {

    private static final TestDatabase DATABASE = TestDatabase.migrated();
    private static final JdbcClient JDBC = DATABASE.jdbc();
    private static final CsvImport IMPORT =
            new CsvImport(DATABASE.dataSource(), JDBC, new DataSourceTransactionManager(DATABASE.dataSource()));

    @TempDir
    private Path directory;

    private CsvDirectory files;
    private String before;

    @BeforeAll
    static void aCityIsThere(@TempDir Path directory) throws IOException {
        IMPORT.importFrom(CsvDirectory.smallCity(directory).path(), (phase, done, total) -> {});
    }

    @BeforeEach
    void theCityComesAgainWithANewName() throws IOException {
        files = CsvDirectory.smallCity(directory)
                .file(
                        "users.csv",
                        "id,handle,name,age,home_lat,home_lng,created_at\nADA,ada,Changed,,,,\nBOB,bob,Bob,,,,\n");
        before = everything();
    }

    @AfterEach
    void theDatabaseIsAsBefore() {
        assertThat(everything()).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource({
        "INTERACTIONS, interaction_type, user_venue_interactions_interaction_type_check",
        "SOCIAL_EDGES, relationship_type, user_social_edges_relationship_type_check"
    })
    void otherWordsThanTheColumnTakesAreBad(Dataset dataset, String name, String check) {
        List<String> taken =
                JDBC.sql("""
                        select (regexp_matches(pg_get_constraintdef(oid), '''([a-z]+)''', 'g'))[1]
                        from pg_constraint
                        where conname = :check
                        """).param("check", check).query(String.class).list();

        assertThat(dataset.columns())
                .filteredOn(column -> column.name().equals(name))
                .extracting(Column::type)
                .containsExactly(new FieldType.Choice(taken));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            users.csv        | 4 | id                | X,cyd,Cyd,,,,                   | 'X' is not a UUID such as 6ba7b810-9dad-41d1-80b4-00c04fd430c8
            users.csv        | 4 | id                | g0000000-0000-4000-8000-00000000000c,cyd,Cyd,,,, | 'g0000000-0000-4000-8000-00000000000c' is not a UUID such as 6ba7b810-9dad-41d1-80b4-00c04fd430c8
            users.csv        | 4 | id                | \u0661\u0662000000-0000-4000-8000-00000000000c,cyd,Cyd,,,, | '\u0661\u0662000000-0000-4000-8000-00000000000c' is not a UUID such as 6ba7b810-9dad-41d1-80b4-00c04fd430c8
            users.csv        | 4 | id                | BARx,cyd,Cyd,,,,                | 'BARx' is not a UUID such as 6ba7b810-9dad-41d1-80b4-00c04fd430c8
            users.csv        | 4 | id                | 00000000-0000-4000-8000000000000000c,cyd,Cyd,,,, | '00000000-0000-4000-8000000000000000c' is not a UUID such as 6ba7b810-9dad-41d1-80b4-00c04fd430c8
            users.csv        | 4 | id                | 00000000a0000-4000-8000-00000000000c,cyd,Cyd,,,, | '00000000a0000-4000-8000-00000000000c' is not a UUID such as 6ba7b810-9dad-41d1-80b4-00c04fd430c8
            users.csv        | 4 | id                | 00000000-0000b4000-8000-00000000000c,cyd,Cyd,,,, | '00000000-0000b4000-8000-00000000000c' is not a UUID such as 6ba7b810-9dad-41d1-80b4-00c04fd430c8
            users.csv        | 4 | id                | 00000000-0000-4000c8000-00000000000c,cyd,Cyd,,,, | '00000000-0000-4000c8000-00000000000c' is not a UUID such as 6ba7b810-9dad-41d1-80b4-00c04fd430c8
            users.csv        | 4 | id                | `"a\nb\33[2J\205\u202ec",cyd,Cyd,,,,` | 'a\ufffdb\ufffd[2J\ufffd\ufffdc' is not a UUID such as 6ba7b810-9dad-41d1-80b4-00c04fd430c8
            users.csv        | 4 | id                | aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\ud83d\ude00,cyd,Cyd,,,, | 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa...' is not a UUID such as 6ba7b810-9dad-41d1-80b4-00c04fd430c8
            users.csv        | 4 | id                | ,cyd,Cyd,,,,                    | is empty, but every row needs it
            users.csv        | 4 | id                | ADA,cyd,Cyd,,,,                 | ADA is on line 2 already
            users.csv        | 4 | handle            | BAR,,Cyd,,,,                    | is empty, but every row needs it
            users.csv        | 4 | handle            | BAR,\0d,Cyd,,,,                 | contains a zero character, which PostgreSQL cannot store
            users.csv        | 4 | handle            | BAR,ada,Cyd,,,,                 | ada is on line 2 already
            users.csv        | 6 | handle            | `BAR,"c\nd",Cyd,,,,\nCAFE,"c\nd",Cyd,,,,` | c\ufffdd is on line 4 already
            users.csv        | 4 | handle            | BAR,ccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc,Cyd,,,, | has 65 characters, at most 64 are allowed
            users.csv        | 4 | handle            | BAR,\s,Cyd,,,,                   | is blank, but every row needs it
            users.csv        | 4 | name              | BAR,cyd,\t\u2003,,,,             | is blank, but every row needs it
            users.csv        | 4 | age               | BAR,cyd,Cyd,old,,,              | 'old' is not a whole number in [0, 150]
            users.csv        | 4 | age               | BAR,cyd,Cyd,151,,,              | 151 is outside [0, 150]
            users.csv        | 4 | age               | BAR,cyd,Cyd,3.5,,,              | '3.5' is not a whole number in [0, 150]
            users.csv        | 4 | age               | BAR,cyd,Cyd,\u0663\u0660,,,     | '\u0663\u0660' is not a whole number in [0, 150]
            users.csv        | 4 | home_lat          | BAR,cyd,Cyd,,91,0,              | 91 is outside [-90, 90]
            users.csv        | 4 | home_lat          | BAR,cyd,Cyd,,NaN,0,             | 'NaN' is not a number in [-90, 90]
            users.csv        | 4 | home_lng          | BAR,cyd,Cyd,,0,-180.01,         | -180.01 is outside [-180, 180]
            users.csv        | 4 | home_lng          | BAR,cyd,Cyd,,0,1e999,           | 1e999 is outside [-180, 180]
            users.csv        | 4 | home_lng          | BAR,cyd,Cyd,,0,9999999999999999999999999999999999999999999999999999999999999,    | 999999999999999999999999999999999999999999999999999999999999... is outside [-180, 180]
            users.csv        | 4 | home_lng          | BAR,cyd,Cyd,,0,,                | is empty, but home_lat is not; a home needs both, no home neither
            users.csv        | 4 | home_lat          | BAR,cyd,Cyd,,,0,                | is empty, but home_lng is not; a home needs both, no home neither
            users.csv        | 4 | created_at        | BAR,cyd,Cyd,,,,2025-01-01       | '2025-01-01' is not a time in ISO 8601 with an offset, such as 2026-05-01T19:30:00Z
            users.csv        | 4 | created_at        | BAR,cyd,Cyd,,,,2025-02-30T00:00:00Z | '2025-02-30T00:00:00Z' is not a time in ISO 8601 with an offset, such as 2026-05-01T19:30:00Z
            users.csv        | 4 | created_at        | BAR,cyd,Cyd,,,,0000-12-31T23:59:59Z | 0000-12-31T23:59:59Z is outside the years 1 to 9999
            users.csv        | 4 | created_at        | BAR,cyd,Cyd,,,,9999-12-31T23:30:00-01:00 | 9999-12-31T23:30:00-01:00 is outside the years 1 to 9999
            users.csv        | 4 |                   | BAR,cyd,Cyd,,,                  | has 6 fields, the header has 7
            users.csv        | 4 |                   | BAR,cyd,Cyd,,,,,                | has 8 fields, the header has 7
            venues.csv       | 5 | name              | ADA,\s,,,0,0,,,                  | is blank, but every row needs it
            venues.csv       | 5 | lat               | ADA,Pub,,,90.1,0,,,             | 90.1 is outside [-90, 90]
            venues.csv       | 5 | lat               | ADA,Pub,,,,0,,,                 | is empty, but every row needs it
            venues.csv       | 5 | lat               | ADA,Pub,,,0x1,0,,,              | '0x1' is not a number in [-90, 90]
            venues.csv       | 5 | price_level       | ADA,Pub,,,0,0,5,,               | 5 is outside [1, 4]
            venues.csv       | 5 | rating            | ADA,Pub,,,0,0,,5.1,             | 5.1 is outside [0, 5]
            interactions.csv | 4 | user_id           | ,CAFE,CAFE,view,,               | no user CAFE in the files or in the database
            interactions.csv | 4 | venue_id          | ,ADA,ADA,view,,                 | no venue ADA in the files or in the database
            interactions.csv | 4 | interaction_type  | ,ADA,CAFE,love,,                | 'love' is none of view, interest, like
            interactions.csv | 4 | dwell_time        | ,ADA,CAFE,view,-1,              | -1 is outside [0, 2147483647]
            interactions.csv | 4 | dwell_time        | ,ADA,CAFE,view,2147483648,      | '2147483648' is not a whole number in [0, 2147483647]
            interactions.csv | 4 | id                | LIKE,ADA,CAFE,view,,            | LIKE is on line 3 already
            social_edges.csv | 3 | other_user_id     | ,ADA,ADA,friend,1,              | ADA is also the user_id of this row
            social_edges.csv | 3 | other_user_id     | ,ADA,BOB,friend,1,              | ADA -> BOB is on line 2 already
            social_edges.csv | 3 | other_user_id     | ,BOB,CAFE,friend,1,             | no user CAFE in the files or in the database
            social_edges.csv | 3 | relationship_type | ,BOB,ADA,enemy,1,               | 'enemy' is none of friend, mutual, suggested
            social_edges.csv | 3 | strength          | ,BOB,ADA,friend,1.5,            | 1.5 is outside [0, 1]
            social_edges.csv | 3 | strength          | ,BOB,ADA,friend,,               | is empty, but every row needs it
            """)
    void aBadRowIsNamed(String file, long line, String column, String row, String reason) throws IOException {
        files.append(file, row);

        String place = file + " line " + line + (column == null ? "" : ", column " + column);
        assertThat(sentences()).containsExactly(place + ": " + CsvDirectory.withIds(reason));
    }

    @Test
    void idsInOtherLettersAreTheSame() throws IOException {
        files.append("social_edges.csv", "," + CsvDirectory.withIds("ADA") + "," + upper("ADA") + ",friend,1,");

        assertThat(sentences())
                .containsExactly("social_edges.csv line 3, column other_user_id: " + upper("ADA")
                        + " is also the user_id of this row");
    }

    private static String upper(String name) {
        return CsvDirectory.withIds(name).toUpperCase(Locale.ROOT);
    }

    @Test
    void aHandleOfAUserWhoIsNotInTheFileIsTaken() throws IOException {
        files.file("users.csv", "id,handle,name\nBAR,bob,Another Bob\n");

        assertThat(sentences())
                .containsExactly("users.csv line 2, column handle: 'bob' is taken by user " + CsvDirectory.BOB);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            venues.csv | id,name,lat,lng,stars | venues.csv line 1: unknown column 'stars'; known are id, name, description, category, lat, lng, price_level, rating, created_at
            venues.csv | `"st\nars\t"`           | venues.csv line 1: unknown column 'st\ufffdars\ufffd'; known are id, name, description, category, lat, lng, price_level, rating, created_at
            venues.csv | id,name,lat           | venues.csv line 1, column lng: the column is missing in the header
            venues.csv | id,name,lat,lng,lat   | venues.csv line 1, column lat: the column appears twice
            users.csv | id,handle,name,home_lat | users.csv line 1, column home_lng: the column is missing in the header; home_lat and home_lng go together
            users.csv | home_lng,id,handle,name | users.csv line 1, column home_lat: the column is missing in the header; home_lat and home_lng go together
            """)
    void aHeaderMustNameItsColumns(String file, String header, String sentence) throws IOException {
        files.file(file, header + "\n");

        assertThat(sentences()).containsExactly(sentence);
    }

    @Test
    void twentyErrorsOverAllFilesAreListed() throws IOException {
        for (int i = 0; i < 15; i++) {
            files.append("venues.csv", ",,,,,,,,");
            files.append("interactions.csv", "x,ADA,CAFE,view,,");
        }

        assertThat(sentences()).hasSize(21).last().isEqualTo("(there may be more; reading stopped here)");
        // id, name, lat and lng of five venues
        assertThat(lines()).hasSize(20).startsWith(5L, 5L, 5L, 5L, 6L).endsWith(9L, 9L);
    }

    /** Rows without an id of their own are none of the same id. */
    @Test
    void errorsOfAFileComeInTheOrderOfItsLines() throws IOException {
        for (String user : List.of("CAFE", "BAR", "CAFE")) {
            files.append("interactions.csv", "," + user + ",CAFE,view,,");
        }

        String none = "interactions.csv line %d, column user_id: no user %s in the files or in the database";
        assertThat(sentences())
                .containsExactly(
                        none.formatted(4, CsvDirectory.CAFE),
                        none.formatted(5, CsvDirectory.BAR),
                        none.formatted(6, CsvDirectory.CAFE));

        for (int i = 40; i > 10; i--) {
            String twice = CsvDirectory.withIds("ADA").substring(0, 34) + i + ",same" + i + ",Same,,,,";
            files.append("users.csv", twice).append("users.csv", twice);
        }

        assertThat(lines()).isSorted().startsWith(5L, 7L, 9L);
    }

    @Test
    void errorsOfSeveralFilesAreListedTogether() throws IOException {
        files.append("users.csv", "x,cyd,Cyd,,,,").append("social_edges.csv", ",ADA,x,friend,1,");

        assertThat(sentences())
                .satisfiesExactly(
                        first -> assertThat(first).startsWith("users.csv line 4"),
                        second -> assertThat(second).startsWith("social_edges.csv line 3"));
    }

    @Test
    void whoIsInARefusedFileIsNotMissedByTheOthers() throws IOException {
        files.append("users.csv", "CAFE,cyd,Cyd,,,,").append("users.csv", "BAR,cyd,Cyd,,,,");
        files.append("interactions.csv", ",CAFE,CAFE,view,,");

        assertThat(sentences()).containsExactly("users.csv line 5, column handle: cyd is on line 4 already");
    }

    private List<String> sentences() {
        TransferRefusedException refused = catchThrowableOfType(
                TransferRefusedException.class, () -> IMPORT.importFrom(files.path(), (phase, done, total) -> {}));
        assertThat(refused.kind()).isEqualTo(TransferRefusedException.Kind.INPUT);
        assertThat(refused).hasMessageStartingWith("nothing was imported:");
        return refused.getMessage().lines().skip(1).map(String::strip).toList();
    }

    /** Of those sentences that name one. */
    private List<Long> lines() {
        return sentences().stream()
                .flatMap(sentence ->
                        Pattern.compile(" line (\\d+)[,:]").matcher(sentence).results())
                .map(line -> Long.valueOf(line.group(1)))
                .toList();
    }

    /** All rows of all tables, with the transactions that wrote them. */
    private static String everything() {
        StringBuilder all = new StringBuilder();
        for (String table : List.of("users", "venues", "user_venue_interactions", "user_social_edges")) {
            JDBC.sql("select xmin || t::text from " + table + " t order by id")
                    .query(String.class)
                    .list()
                    .forEach(row -> all.append(row).append('\n'));
        }
        return all.toString();
    }
}
