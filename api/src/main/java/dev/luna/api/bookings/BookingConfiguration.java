package dev.luna.api.bookings;

import dev.luna.api.web.KeepsSchedule;
import java.time.Clock;
import org.quartz.JobBuilder;
import org.quartz.JobDetail;
import org.quartz.SimpleScheduleBuilder;
import org.quartz.Trigger;
import org.quartz.TriggerBuilder;
import org.springframework.boot.tomcat.autoconfigure.TomcatServerProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;

/** The provider that the settings name, and the sweep's place in the schedule. */
@Configuration(proxyBeanMethods = false)
class BookingConfiguration {

    /** The group that the schedule of runs looks after, too: whose triggers it puts back when a clock was ahead. */
    private static final String GROUP = "luna";

    private static final String SWEEP = "booking-sweep";
    private static final int SWEEP_SECONDS = 10;

    /** One in so many of the server's threads may wait for the provider. */
    private static final int THREADS_PER_WAITING = 4;

    @Bean
    BookingProvider bookingProvider(BookingProperties properties, JsonMapper mapper, Clock clock) {
        return switch (properties.provider()) {
            case MOCK -> new MockProvider();
            case HTTP -> new HttpProvider(properties.http(), mapper, clock);
        };
    }

    @Bean
    WaitingRequests waitingRequests(BookingProvider provider, TomcatServerProperties server) {
        // Who answers at once keeps nobody waiting.
        return new WaitingRequests(
                provider.longestCall().isZero()
                        ? Integer.MAX_VALUE
                        : server.getThreads().getMax() / THREADS_PER_WAITING);
    }

    @Bean
    @Conditional(KeepsSchedule.class)
    JobDetail bookingSweepJob() {
        return JobBuilder.newJob(BookingSweepJob.class)
                .withIdentity(SWEEP, GROUP)
                .storeDurably()
                .build();
    }

    @Bean
    @Conditional(KeepsSchedule.class)
    Trigger bookingSweepTrigger(JobDetail bookingSweepJob) {
        return TriggerBuilder.newTrigger()
                .withIdentity(SWEEP, GROUP)
                .forJob(bookingSweepJob)
                .withSchedule(SimpleScheduleBuilder.repeatSecondlyForever(SWEEP_SECONDS)
                        .withMisfireHandlingInstructionNextWithRemainingCount())
                .build();
    }
}
