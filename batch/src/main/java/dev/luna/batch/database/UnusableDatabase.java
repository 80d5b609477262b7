package dev.luna.batch.database;

import java.net.UnknownHostException;
import java.sql.SQLException;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Tells from a failure that there is no way into the database or no room in it, and why, so that nobody has to read a stack
 * trace for that.
 */
public final class UnusableDatabase {

    private static final String NO_PRIVILEGE = "42501";
    static final String READ_ONLY = "25006";
    private static final String NO_SCHEMA = "3F000";
    private static final String INVALID_VALUE = "22023";

    private UnusableDatabase() {}

    /**
     * One sentence: what the driver said, and which settings decide it or what to do.
     *
     * @return empty when the failure is another one
     */
    public static Optional<String> describe(Throwable failure) {
        return Causes.of(failure)
                .flatMap(cause -> cause instanceof SQLException sql ? describe(sql).stream() : Stream.empty())
                .findFirst();
    }

    /** As {@link #describe}, of a failure to sign in or to be answered at all; what is no other kind is a refusal. */
    static String describeRefusal(SQLException failure) {
        return describe((Throwable) failure).orElseGet(() -> refused(failure));
    }

    static String withoutSchema(String reason) {
        return "the database cannot be used: %s; check currentSchema in SPRING_DATASOURCE_URL (a name with blanks goes between %%22) and the search_path of the role and the database"
                .formatted(reason);
    }

    private static Optional<String> describe(SQLException failure) {
        if (READ_ONLY.equals(failure.getSQLState())) {
            return Optional.of(
                    "the database only reads: %s; let SPRING_DATASOURCE_URL name the primary, and see default_transaction_read_only"
                            .formatted(reason(failure)));
        }
        if (isRefused(failure)) {
            return Optional.of(refused(failure));
        }
        if (hasNoSchema(failure)) {
            return Optional.of(withoutSchema(reason(failure)));
        }
        if (isInvalid(failure, "TimeZone")) {
            return Optional.of(
                    "the database cannot be used: %s; let TZ or -Duser.timezone, and options in SPRING_DATASOURCE_URL, name one that the server knows, such as UTC"
                            .formatted(reason(failure)));
        }
        if (NO_PRIVILEGE.equals(failure.getSQLState())) {
            return Optional.of(
                    "the database cannot be used: %s; make the role that Luna signs in with the owner of the database, or grant it USAGE and CREATE on the schema and TEMPORARY on the database"
                            .formatted(reason(failure)));
        }
        if (isExhausted(failure)) {
            return Optional.of("the database has no room left: %s; make room and try again".formatted(reason(failure)));
        }
        return Optional.empty();
    }

    private static String refused(SQLException failure) {
        return "the database cannot be used: %s; see that it runs, and check SPRING_DATASOURCE_URL, SPRING_DATASOURCE_USERNAME and SPRING_DATASOURCE_PASSWORD"
                .formatted(reason(failure));
    }

    /** Class 53 is disk, memory or a configured limit; sessions, which are of it too, count as no way in. */
    private static boolean isExhausted(SQLException failure) {
        return failure.getSQLState() != null && failure.getSQLState().startsWith("53");
    }

    /** No schema to create in, or a search path that is none, which the server says before there is a session. */
    private static boolean hasNoSchema(SQLException failure) {
        return NO_SCHEMA.equals(failure.getSQLState()) || isInvalid(failure, "search_path");
    }

    /** Whether a setting was refused; the server's language decides what stands around the name. */
    private static boolean isInvalid(SQLException failure, String setting) {
        return INVALID_VALUE.equals(failure.getSQLState())
                && String.valueOf(failure.getMessage()).contains(setting);
    }

    private static boolean isRefused(SQLException failure) {
        String state = failure.getSQLState();
        // Class 28 is wrong credentials, 3D000 no database of that name.
        return state != null && (state.startsWith("28") || state.equals("3D000")) || Disconnection.isCauseOf(failure);
    }

    private static String reason(SQLException failure) {
        // The first line: after it come the position in a statement and the like.
        String said =
                String.valueOf(failure.getMessage()).strip().lines().findFirst().orElse("");
        String sentence = said.endsWith(".") ? said.substring(0, said.length() - 1) : said;
        return failure.getCause() instanceof UnknownHostException unknown
                ? sentence + ", there is no host " + unknown.getMessage()
                : sentence;
    }
}
