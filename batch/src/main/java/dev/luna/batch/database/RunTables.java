package dev.luna.batch.database;

/**
 * Names of the partitions that hold one run's bulk data. They are written to and checked by their own names, since they
 * join their parent tables only when the run is sealed.
 *
 * @param runId the run
 */
public record RunTables(long runId) {

    /** The run's venue dictionary. */
    public String venues() {
        return "run_venue_" + runId;
    }

    /** The run's staged inputs, one row per user. */
    public String inputs() {
        return "run_input_" + runId;
    }

    /** The run's ranked venues, one row per user. */
    public String venueRankings() {
        return "venue_ranking_" + runId;
    }

    /** The run's ranked companions, one row per user with friends. */
    public String companionRankings() {
        return "companion_ranking_" + runId;
    }
}
