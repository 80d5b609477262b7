package dev.luna.batch.transfer;

import dev.luna.batch.scoring.RankedVenue;
import java.nio.file.Path;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** How rankings are written. Scores have 7 decimals and kilometres 6, as in answers of the API. */
enum RankingsFormat {
    /** A row a ranked venue, under a header; without a home the distance is empty, as is a missing category. */
    CSV(".csv") {
        @Override
        void begin(StringBuilder out) {
            out.append("user_id,rank,venue_id,venue_name,category,score,distance_km,")
                    .append("spatial_score,preference_score,popularity_score\n");
        }

        @Override
        void beginUser(StringBuilder out, UUID userId, long runId) {}

        @Override
        void venue(StringBuilder out, UUID userId, int rank, RankedVenues.Named venue, RankedVenue entry) {
            out.append(userId).append(',').append(rank).append(',').append(venue.id());
            quoted(out.append(','), venue.name());
            quoted(out.append(','), venue.category());
            decimal(out.append(','), entry.score(), SCORE_DECIMALS);
            out.append(',');
            if (!Double.isNaN(entry.distanceKm())) {
                decimal(out, entry.distanceKm(), KM_DECIMALS);
            }
            decimal(out.append(','), entry.spatial(), SCORE_DECIMALS);
            decimal(out.append(','), entry.preference(), SCORE_DECIMALS);
            decimal(out.append(','), entry.popularity(), SCORE_DECIMALS);
            out.append('\n');
        }

        @Override
        void endUser(StringBuilder out) {}

        private void quoted(StringBuilder out, @Nullable String text) {
            if (text == null) {
                return;
            }
            // As PostgreSQL writes CSV: an empty text is quoted, for nothing at all means null.
            boolean plain =
                    !text.isEmpty() && text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
            if (plain) {
                out.append(text);
            } else {
                out.append('"').append(text.replace("\"", "\"\"")).append('"');
            }
        }
    },

    /** A line a user, with the run and the venues as in the API's answers. */
    JSON_LINES(".jsonl") {
        @Override
        void begin(StringBuilder out) {}

        @Override
        void beginUser(StringBuilder out, UUID userId, long runId) {
            out.append("{\"user_id\":\"")
                    .append(userId)
                    .append("\",\"run\":")
                    .append(runId)
                    .append(",\"venues\":[");
        }

        @Override
        void venue(StringBuilder out, UUID userId, int rank, RankedVenues.Named venue, RankedVenue entry) {
            out.append(rank == 1 ? "{\"rank\":" : ",{\"rank\":").append(rank);
            out.append(",\"venue_id\":\"").append(venue.id()).append("\",\"venue_name\":");
            out.append(MAPPER.writeValueAsString(venue.name())).append(",\"category\":");
            out.append(MAPPER.writeValueAsString(venue.category()));
            decimal(out.append(",\"score\":"), entry.score(), SCORE_DECIMALS);
            out.append(",\"distance_km\":");
            if (Double.isNaN(entry.distanceKm())) {
                out.append("null");
            } else {
                decimal(out, entry.distanceKm(), KM_DECIMALS);
            }
            decimal(out.append(",\"spatial_score\":"), entry.spatial(), SCORE_DECIMALS);
            decimal(out.append(",\"preference_score\":"), entry.preference(), SCORE_DECIMALS);
            decimal(out.append(",\"popularity_score\":"), entry.popularity(), SCORE_DECIMALS);
            out.append('}');
        }

        @Override
        void endUser(StringBuilder out) {
            out.append("]}\n");
        }
    };

    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final String GZIP = ".gz";
    private static final int SCORE_DECIMALS = 7;
    private static final int KM_DECIMALS = 6;

    private final String ending;

    RankingsFormat(String ending) {
        this.ending = ending;
    }

    /**
     * The format that a file's name asks for.
     *
     * @throws TransferRefusedException if it names none
     */
    static RankingsFormat of(Path file) {
        // The whole path: a root has no name of its own.
        String name = file.toString();
        String plain = name.endsWith(GZIP) ? name.substring(0, name.length() - GZIP.length()) : name;
        for (RankingsFormat format : values()) {
            if (plain.endsWith(format.ending)) {
                return format;
            }
        }
        throw TransferRefusedException.because(file
                + " tells no format; expected a name ending in .csv or .jsonl, and in .gz after that to compress it");
    }

    abstract void begin(StringBuilder out);

    abstract void beginUser(StringBuilder out, UUID userId, long runId);

    abstract void venue(StringBuilder out, UUID userId, int rank, RankedVenues.Named venue, RankedVenue entry);

    abstract void endUser(StringBuilder out);

    /** A number of at least 0 with so many decimals, without exponents, which not every reader of CSV knows. */
    static void decimal(StringBuilder out, double number, int decimals) {
        long unit = 1;
        for (int i = 0; i < decimals; i++) {
            unit *= 10;
        }
        double scaled = Math.rint(number * unit);
        if (!(scaled < 1e18)) {
            // Only under weights of billions, where decimals do not matter.
            out.append(number);
            return;
        }
        long digits = (long) scaled;
        out.append(digits / unit).append('.');
        String fraction = Long.toString(digits % unit);
        out.append("0".repeat(decimals - fraction.length())).append(fraction);
    }
}
