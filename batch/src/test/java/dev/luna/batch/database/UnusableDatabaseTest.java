package dev.luna.batch.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;

/** What a server says to who signs in, in whatever language and of whatever kind. */
class UnusableDatabaseTest {

    private static final String INVALID_VALUE = "22023";

    @Test
    void aSearchPathThatIsNoneIsToldApartInEveryLanguage() {
        SQLException german =
                new SQLException("FATAL: ungültiger Wert für Parameter »search_path«: »My Schema«", INVALID_VALUE);

        assertThat(UnusableDatabase.describe(german).orElseThrow())
                .startsWith("the database cannot be used: FATAL: ungültiger Wert")
                .contains("; check currentSchema in SPRING_DATASOURCE_URL (a name with blanks goes between %22)");
    }

    @Test
    void aTimeZoneThatTheServerDoesNotKnowIsToldWithTheRemedy() {
        SQLException refusal =
                new SQLException("FATAL: invalid value for parameter \"TimeZone\": \"US/Eastern\"", INVALID_VALUE);

        assertThat(UnusableDatabase.describe(new IllegalStateException(refusal)))
                .hasValue(
                        "the database cannot be used: FATAL: invalid value for parameter \"TimeZone\": \"US/Eastern\";"
                                + " let TZ or -Duser.timezone, and options in SPRING_DATASOURCE_URL, name one that the server knows, such as UTC");
    }

    @Test
    void whateverElseIsRefusedAtSignInIsASentenceButNotInAStatement() {
        SQLException refusal = new SQLException(
                "FATAL: database \"luna\" is not currently accepting connections\n  Detail: one\n", "55000");

        assertThat(UnusableDatabase.describeRefusal(refusal))
                .isEqualTo(
                        "the database cannot be used: FATAL: database \"luna\" is not currently accepting connections;"
                                + " see that it runs, and check SPRING_DATASOURCE_URL, SPRING_DATASOURCE_USERNAME and SPRING_DATASOURCE_PASSWORD");
        assertThat(UnusableDatabase.describe(new IllegalStateException(refusal)))
                .isEmpty();
    }
}
