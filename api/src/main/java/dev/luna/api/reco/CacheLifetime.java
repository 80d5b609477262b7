package dev.luna.api.reco;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.CacheControl;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * How long caches may repeat an answer without asking: as configured, but not past the moment of the next scheduled run.
 * A moment that has long passed is of a schedule that no process keeps any more, and none at all. The schedule is looked up
 * at most every {@link #LOOKUP}, and once more when its moment has come. Thread-safe.
 */
@Component
class CacheLifetime {

    static final Duration LOOKUP = Duration.ofSeconds(30);

    /** A start may be this late: what a busy scheduler, or one that takes over from a dead process, needs. */
    static final Duration LATEST_START = Duration.ofMinutes(1);

    private record Lookup(Instant at, @Nullable Instant nextRun) {}

    private final Duration maxAge;
    private final InstantSource clock;
    private final Supplier<Optional<Instant>> schedule;
    private volatile @Nullable Lookup last;

    @Autowired
    CacheLifetime(RecoProperties properties, JdbcClient jdbc) {
        this(properties.maxAge(), InstantSource.system(), () -> nextRun(jdbc));
    }

    CacheLifetime(Duration maxAge, InstantSource clock, Supplier<Optional<Instant>> schedule) {
        this.maxAge = maxAge;
        this.clock = clock;
        this.schedule = schedule;
    }

    CacheControl ofAnswer() {
        Instant now = clock.instant();
        Lookup known = last;
        boolean isOver = known == null
                || Duration.between(known.at, now).compareTo(LOOKUP) >= 0
                || (known.nextRun != null && known.at.isBefore(known.nextRun) && !known.nextRun.isAfter(now));
        if (known == null || isOver) {
            known = new Lookup(now, schedule.get().orElse(null));
            last = known;
        }
        Duration age = maxAge;
        if (known.nextRun != null && known.nextRun.plus(LATEST_START).isAfter(now)) {
            Duration toRun = Duration.between(now, known.nextRun);
            age = toRun.isNegative() ? Duration.ZERO : toRun.compareTo(age) < 0 ? toRun : age;
        }
        return CacheControl.maxAge(age).mustRevalidate().cachePublic();
    }

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
