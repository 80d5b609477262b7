package dev.luna.batch.schedule;

import jakarta.validation.constraints.AssertTrue;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.TimeZone;
import java.util.regex.Pattern;
import org.quartz.CronExpression;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings {@code luna.schedule.*}. The schedule is kept in the database and shared by all processes that have it enabled;
 * whoever starts last says what it is.
 *
 * @param enabled whether this process keeps the schedule; the server does, commands do not
 * @param fullCron when a full run starts, as a Quartz cron expression (second, minute, hour, day, month, weekday), or
 *     {@code -} for never
 * @param refreshCron when a refresh run starts, likewise; by default away from the full hour, at which full runs start
 * @param timeZone zone of both expressions
 * @param misfire what becomes of a start that was missed because no process was there, or its process ended before the
 *     run began
 * @param recoveryInterval how often to look for a run whose process died; it is resumed once its lease has lapsed
 */
@Validated
@ConfigurationProperties(value = "luna.schedule", ignoreUnknownFields = false)
record ScheduleSettings(
        @DefaultValue("false") boolean enabled,
        @DefaultValue("0 0 2 * * ?") String fullCron,
        @DefaultValue("0 30 * * * ?") String refreshCron,
        @DefaultValue("UTC") ZoneId timeZone,
        @DefaultValue("catch-up") Misfire misfire,
        @DefaultValue("10s") Duration recoveryInterval) {

    static final String NEVER = "-";

    /** Characters of an expression that the scheduler's table takes. */
    private static final int LONGEST_CRON = 120;

    /** A number that no field takes, but that the library reads as all of the field's. */
    private static final Pattern ALL = Pattern.compile("(?<!\\d)0*99(?!\\d)");

    ScheduleSettings {
        // Java 17 knows no seconds in a zone, and whatever Java reads the schedule must know the zone that is stored.
        boolean hasSeconds = timeZone.normalized() instanceof ZoneOffset offset && offset.getTotalSeconds() % 60 != 0;
        if (hasSeconds || !timeZoneOf(timeZone).toZoneId().getRules().equals(timeZone.getRules())) {
            throw new IllegalArgumentException(
                    "luna.schedule.time-zone is '%s'; expected a zone such as Europe/Berlin or +02:00, to the minute"
                            .formatted(timeZone));
        }
        requireToCome("full-cron", fullCron, timeZone, Clock.systemUTC().instant());
        requireToCome("refresh-cron", refreshCron, timeZone, Clock.systemUTC().instant());
    }

    /** What becomes of a missed start. */
    enum Misfire {
        /** One run as soon as a process is there. */
        CATCH_UP,
        /** None; the next one comes at its time. */
        SKIP
    }

    @AssertTrue(message = "full-cron must be a Quartz cron expression such as \"0 0 2 * * ?\", or - for never")
    boolean isFullCronValid() {
        return isCronOrNever(fullCron);
    }

    @AssertTrue(message = "refresh-cron must be a Quartz cron expression such as \"0 30 * * * ?\", or - for never")
    boolean isRefreshCronValid() {
        return isCronOrNever(refreshCron);
    }

    @AssertTrue(message = "recovery-interval must be between 1s and 1h")
    boolean isRecoveryIntervalSensible() {
        return recoveryInterval.compareTo(Duration.ofSeconds(1)) >= 0
                && recoveryInterval.compareTo(Duration.ofHours(1)) <= 0;
    }

    /**
     * Refuses what the scheduler would: more than its table takes, and a moment that never comes, such as 31 February or one of
     * a past year.
     */
    static void requireToCome(String setting, String cron, ZoneId zone, Instant now) {
        if (!CronExpression.isValidExpression(cron)) {
            // Never on purpose, or the validator's to refuse.
            return;
        }
        if (cron.length() > LONGEST_CRON) {
            throw new IllegalArgumentException(
                    "luna.schedule.%s is %d characters long; expected at most %d: write ranges and steps, such as 0-58/2, instead of lists"
                            .formatted(setting, cron.length(), LONGEST_CRON));
        }
        try {
            CronExpression expression = new CronExpression(cron);
            expression.setTimeZone(timeZoneOf(zone));
            if (expression.getNextValidTimeAfter(Date.from(now)) == null) {
                throw new IllegalArgumentException(
                        "luna.schedule.%s is '%s'; expected a time that still comes (in %s), or - for never"
                                .formatted(setting, cron, zone));
            }
        } catch (ParseException e) {
            throw new IllegalStateException("an expression called valid cannot be read: " + cron, e);
        }
    }

    /** The zone as the scheduler wants it. An offset goes without its prefix: what begins with UTC or UT would become GMT. */
    static TimeZone timeZoneOf(ZoneId zone) {
        return TimeZone.getTimeZone(zone.normalized());
    }

    private static boolean isCronOrNever(String cron) {
        return cron.equals(NEVER)
                || CronExpression.isValidExpression(cron) && !ALL.matcher(cron).find();
    }
}
