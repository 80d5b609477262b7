package dev.luna.batch.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.luna.batch.InvalidSettings;
import java.time.Instant;
import java.time.ZoneId;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.batch.infrastructure.support.transaction.ResourcelessTransactionManager;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;

class ScheduleSettingsTest {

    private static final Instant NOON = Instant.parse("2030-06-01T12:00:00Z");

    private final ApplicationContextRunner application =
            new ApplicationContextRunner().withUserConfiguration(Settings.class);

    @Test
    void aTimeThatNeverComesIsNamedWithItsValue() {
        application
                .withPropertyValues("luna.schedule.full-cron=0 0 0 31 2 ?", "luna.schedule.time-zone=Europe/Berlin")
                .run(
                        context -> assertThat(InvalidSettings.describe(context.getStartupFailure()))
                                .hasValue(
                                        "luna.schedule.full-cron is '0 0 0 31 2 ?'; expected a time that still comes (in Europe/Berlin), or - for never"));
        application
                .withPropertyValues("luna.schedule.refresh-cron=0 0 0 1 1 ? 2020")
                .run(
                        context -> assertThat(InvalidSettings.describe(context.getStartupFailure()))
                                .hasValue(
                                        "luna.schedule.refresh-cron is '0 0 0 1 1 ? 2020'; expected a time that still comes (in UTC), or - for never"));
    }

    @ParameterizedTest
    @CsvSource({
        "full-cron, daily, 0 0 2 * * ?",
        "full-cron, 99 0 2 * * ?, 0 0 2 * * ?",
        "full-cron, 0 099 2 * * ?, 0 0 2 * * ?",
        "refresh-cron, daily, 0 30 * * * ?",
        "refresh-cron, '0 30,99 * * * ?', 0 30 * * * ?"
    })
    void whatIsNoTimeIsToldWithAnExample(String setting, String time, String example) {
        application
                .withPropertyValues("luna.schedule." + setting + "=" + time)
                .run(context -> assertThat(InvalidSettings.describe(context.getStartupFailure()))
                        .hasValue("luna.schedule.%s must be a Quartz cron expression such as \"%s\", or - for never"
                                .formatted(setting, example)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"full-cron", "refresh-cron"})
    void aTimeTooLongForTheSchedulersTableIsNamed(String setting) {
        String minutes = IntStream.range(0, 60).mapToObj(Integer::toString).collect(Collectors.joining(","));

        application
                .withPropertyValues("luna.schedule." + setting + "=0 " + minutes + " * * * ?")
                .run(context -> assertThat(InvalidSettings.describe(context.getStartupFailure()))
                        .hasValue(
                                "luna.schedule.%s is 179 characters long; expected at most 120: write ranges and steps, such as 0-58/2, instead of lists"
                                        .formatted(setting)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"false", "off", "no", "0"})
    void whoKeepsNoScheduleWritesNone(String no) {
        application
                .withUserConfiguration(Schedule.class)
                .withBean(ResourcelessTransactionManager.class)
                .withPropertyValues("luna.schedule.enabled=" + no)
                // There is no scheduler to write to.
                .run(context -> assertThat(context).hasNotFailed());
    }

    @Test
    void neverOnPurposeIsAllowed() {
        application
                .withPropertyValues("luna.schedule.full-cron=-", "luna.schedule.refresh-cron=-")
                .run(context -> assertThat(context).hasNotFailed());
    }

    @ParameterizedTest
    @CsvSource({"999ms, false", "1s, true", "1h, true", "3601s, false"})
    void recoveryLooksFromEverySecondToEveryHour(String interval, boolean allowed) {
        application
                .withPropertyValues("luna.schedule.recovery-interval=" + interval)
                .run(context -> assertThat(context.getStartupFailure() == null).isEqualTo(allowed));
    }

    @Test
    void whetherATimeStillComesIsDecidedInItsZone() {
        // 14:30 in Berlin is 12:30 UTC, in Kyiv 11:30.
        String once = "0 30 14 1 6 ? 2030";

        assertThatCode(() -> ScheduleSettings.requireToCome("full-cron", once, ZoneId.of("Europe/Berlin"), NOON))
                .doesNotThrowAnyException();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ScheduleSettings.requireToCome("full-cron", once, ZoneId.of("Europe/Kyiv"), NOON));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"UTC+02:00", "UTC-5", "UT+2", "GMT+2", "+02:00", "UTC", "Z", "Europe/Berlin", "America/Santiago"
            })
    void aZoneMeansWhatItSays(String name) {
        ZoneId zone = ZoneId.of(name);

        assertThat(ScheduleSettings.timeZoneOf(zone).toZoneId().getRules()).isEqualTo(zone.getRules());
    }

    @Test
    void aZoneThatTheSchedulerDoesNotKnowIsNamedWithItsValue() {
        application
                .withPropertyValues("luna.schedule.time-zone=+02:00:30")
                .run(
                        context -> assertThat(InvalidSettings.describe(context.getStartupFailure()))
                                .hasValue(
                                        "luna.schedule.time-zone is '+02:00:30'; expected a zone such as Europe/Berlin or +02:00, to the minute"));
    }

    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties(ScheduleSettings.class)
    static class Settings {}
}
