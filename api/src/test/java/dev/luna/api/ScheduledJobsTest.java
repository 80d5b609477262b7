package dev.luna.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.luna.batch.InvalidSettings;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** A server that keeps no schedule adds nothing to it, in whichever words it is told so. */
class ScheduledJobsTest {

    @ParameterizedTest
    @CsvSource({
        "dev.luna.api.bookings.BookingConfiguration, bookingSweepTrigger",
        "dev.luna.api.idempotency.KeyPurgeSchedule, keyPurgeTrigger"
    })
    void aTriggerIsMadeWhereTheScheduleIsKept(Class<?> configuration, String trigger) {
        ApplicationContextRunner server = new ApplicationContextRunner()
                .withInitializer(context ->
                        context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
                .withUserConfiguration(configuration);

        for (String yes : new String[] {"true", "on", "yes", "1"}) {
            server.withPropertyValues("luna.schedule.enabled=" + yes)
                    .run(context -> assertThat(context).as(yes).hasBean(trigger));
        }
        for (String no : new String[] {"false", "off", "no", "0"}) {
            server.withPropertyValues("luna.schedule.enabled=" + no)
                    .run(context -> assertThat(context).as(no).doesNotHaveBean(trigger));
        }
        server.run(context -> assertThat(context).doesNotHaveBean(trigger));
        server.withPropertyValues("luna.schedule.enabled=maybe")
                .run(context -> assertThat(InvalidSettings.describe(context.getStartupFailure()))
                        .hasValue("luna.schedule.enabled is 'maybe'; expected a value of type boolean"));
    }
}
