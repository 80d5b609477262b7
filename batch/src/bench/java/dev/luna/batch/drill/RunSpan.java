package dev.luna.batch.drill;

import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How long an undisturbed run is in each of its phases, in their order.
 *
 * @param seconds by phase
 */
record RunSpan(Map<String, Double> seconds) {

    RunSpan {
        seconds = new LinkedHashMap<>(seconds);
    }

    /** That of the undisturbed run that the drill made last. */
    static RunSpan of(DrillDatabase database) throws SQLException {
        Map<String, Double> seconds = new LinkedHashMap<>();
        for (String phase : List.of("snapshot", "scoring", "verification", "publication")) {
            seconds.put(phase, database.number("""
                            select round(1e6 * (timings ->> ?)::float8) from run where state = 'completed' order by id offset 1 limit 1
                            """, phase) / 1e6);
        }
        return new RunSpan(seconds);
    }

    /**
     * A moment of a run.
     *
     * @param phase where it lies
     * @param seconds how long that phase is
     * @param share how much of the phase is over, from 0 to 1
     */
    record Moment(String phase, double seconds, double share) {}

    /** The moment when this share of a run is over, from 0 to below 1. */
    Moment at(double share) {
        double left = share
                * seconds.values().stream().mapToDouble(Double::doubleValue).sum();
        for (Map.Entry<String, Double> phase : seconds.entrySet()) {
            if (left < phase.getValue()) {
                return new Moment(phase.getKey(), phase.getValue(), left / phase.getValue());
            }
            left -= phase.getValue();
        }
        throw new IllegalArgumentException("%s is not from 0 to below 1".formatted(share));
    }
}
