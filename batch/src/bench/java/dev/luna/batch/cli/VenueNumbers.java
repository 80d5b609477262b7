package dev.luna.batch.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Numbers of venues that a benchmark without a database is to be made for. */
final class VenueNumbers {

    private static final int VENUES_PER_CITY = 500;

    private VenueNumbers() {}

    /** @throws ParameterException if one is not a positive multiple of the venues of a city */
    static void check(CommandSpec spec, int... venues) {
        for (int n : venues) {
            if (n < VENUES_PER_CITY || n % VENUES_PER_CITY != 0) {
                throw new ParameterException(
                        spec.commandLine(),
                        "Invalid value for option '--venues': %d; expected a positive multiple of %d"
                                .formatted(n, VENUES_PER_CITY));
            }
        }
    }
}
