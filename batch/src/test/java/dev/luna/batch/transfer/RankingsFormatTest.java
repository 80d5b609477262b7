package dev.luna.batch.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.luna.batch.scoring.RankedVenue;
import dev.luna.batch.transfer.RankedVenues.Named;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RankingsFormatTest {

    private static final UUID USER = new UUID(0, 1);
    private static final UUID VENUE = new UUID(0, 2);
    private static final String IDS = USER + ",1," + VENUE + ",";

    private final RankedVenue entry = new RankedVenue(0, 0.5, 0.012345678, 0.06, 1, 0);

    /** As PostgreSQL and spreadsheets read them; between them, in this table, \n and \r stand for ends of lines. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "Bar            | Bar",
                "Bar, the old   | \"Bar, the old\"",
                "The \"7\"      | \"The \"\"7\"\"\"",
                "over\\nunder   | \"over\\nunder\"",
                "over\\runder   | \"over\\runder\"",
                "''             | \"\""
            })
    void textThatWouldEndItsFieldIsQuoted(String name, String field) {
        assertThat(csv(new Named(VENUE, lines(name), lines(name)), entry))
                .isEqualTo(IDS + lines(field) + "," + lines(field)
                        + ",0.5000000,0.012346,0.0600000,1.0000000,0.0000000\n");
    }

    @Test
    void whatIsNotKnownIsLeftOut() {
        assertThat(csv(new Named(VENUE, "Bar", null), new RankedVenue(0, 0.2, Double.NaN, 0, 0.5, 0)))
                .isEqualTo(IDS + "Bar,,0.2000000,,0.0000000,0.5000000,0.0000000\n");
    }

    @Test
    void aWeightOfBillionsIsWrittenAsItIs() {
        assertThat(csv(new Named(VENUE, "Bar", null), new RankedVenue(0, 4e17, 12_345.678, 0, 1, 0)))
                .isEqualTo(IDS + "Bar,,4.0E17,12345.678000,0.0000000,1.0000000,0.0000000\n");
    }

    private static String lines(String text) {
        return text.replace("\\n", "\n").replace("\\r", "\r");
    }

    private static String csv(Named venue, RankedVenue entry) {
        StringBuilder out = new StringBuilder();
        RankingsFormat.CSV.venue(out, USER, 1, venue, entry);
        return out.toString();
    }
}
