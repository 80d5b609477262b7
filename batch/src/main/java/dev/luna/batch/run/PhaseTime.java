package dev.luna.batch.run;

/** The time that a run spent in its phase, as SQL on its row. */
final class PhaseTime {

    /** The timings of the run, with the time from the beginning of its phase up to now. */
    static final String ADDED = addedUntil("clock_timestamp()");

    private PhaseTime() {}

    /** As {@link #ADDED}, up to a moment, which is an expression of SQL; none if that is before the beginning. */
    static String addedUntil(String moment) {
        return """
                jsonb_set(timings, array[phase], to_jsonb(coalesce((timings ->> phase)::float8, 0)
                  + greatest(0, extract(epoch from %s - phase_started_at)::float8)))""".formatted(moment);
    }
}
