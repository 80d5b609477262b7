package dev.luna.api.reco;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.dao.DataAccessException;
import org.springframework.http.CacheControl;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * How long caches may repeat an answer without asking: as configured, but not past the moment of the next scheduled run.
 * A moment that has long passed is of a schedule that no process keeps any more, and none at all. The schedule is looked up
 * at most every {@link #LOOKUP}, and once more when its moment has come, by one thread: the others go by what is known.
 * While nothing is known, caches ask each time. Thread-safe.
 */
@Component
class CacheLifetime {

    static final Duration LOOKUP = Duration.ofSeconds(30);

    /** A start may be this late: what a busy scheduler, or one that takes over from a dead process, needs. */
    static final Duration LATEST_START = Duration.ofMinutes(1);

    private static final Logger log = LoggerFactory.getLogger(CacheLifetime.class);

    /**
     * @param nanos the same moment as {@code at}, which may be set back
     * @param nextRun null when there is none, or when that is not known
     */
    private record Lookup(
            Instant at,
            long nanos,
            boolean isKnown,
            @Nullable Instant nextRun) {

        boolean isOver(Instant now, long nanosNow) {
            return nanosNow - nanos >= LOOKUP.toNanos()
                    || (nextRun != null && at.isBefore(nextRun) && !nextRun.isAfter(now));
        }
    }

    private final Duration maxAge;
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final Supplier<Optional<Instant>> schedule;
    private final AtomicBoolean isBeingLookedUp = new AtomicBoolean();
    private volatile @Nullable Lookup last;

    @Autowired
    CacheLifetime(RecoProperties properties, JdbcClient jdbc, Clock clock) {
        this(properties.maxAge(), clock, System::nanoTime, () -> nextRun(jdbc));
    }

    /** @param nanoTime which nobody sets back, as {@link System#nanoTime} */
    CacheLifetime(Duration maxAge, InstantSource clock, LongSupplier nanoTime, Supplier<Optional<Instant>> schedule) {
        this.maxAge = maxAge;
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.schedule = schedule;
    }

    CacheControl ofAnswer() {
        Instant now = clock.instant();
        Lookup known = known(now, nanoTime.getAsLong());
        if (known == null || !known.isKnown) {
            return CacheControl.noCache();
        }
        Duration age = maxAge;
        if (known.nextRun != null && known.nextRun.plus(LATEST_START).isAfter(now)) {
            Duration toRun = Duration.between(now, known.nextRun);
            age = toRun.isNegative() ? Duration.ZERO : toRun.compareTo(age) < 0 ? toRun : age;
        }
        return CacheControl.maxAge(age).mustRevalidate().cachePublic();
    }

    private @Nullable Lookup known(Instant now, long nanos) {
        Lookup known = last;
        if ((known != null && !known.isOver(now, nanos)) || !isBeingLookedUp.compareAndSet(false, true)) {
            return known;
        }
        try {
            // Unless another thread has just done so.
            if (last == known) {
                last = lookUp(now, nanos);
            }
            return last;
        } finally {
            isBeingLookedUp.set(false);
        }
    }

    private Lookup lookUp(Instant now, long nanos) {
        try {
            return new Lookup(now, nanos, true, schedule.get().orElse(null));
        } catch (DataAccessException e) {
            // The answer itself is good, and goes out.
            log.warn("The schedule cannot be read, so caches are told to ask each time: {}", e.getMessage());
            return new Lookup(now, nanos, false, null);
        }
    }

    /** By the names that {@code Schedule} in the batch gives the triggers of runs. */
    static Optional<Instant> nextRun(JdbcClient jdbc) {
        return jdbc.sql("""
                        select min(next_fire_time) as next_fire_time
                        from qrtz_triggers
                        where trigger_group = 'luna' and trigger_name in ('full', 'refresh') and next_fire_time > 0
                        """)
                .query((row, n) -> Optional.ofNullable(row.getObject("next_fire_time", Long.class)))
                .single()
                .map(Instant::ofEpochMilli);
    }
}
