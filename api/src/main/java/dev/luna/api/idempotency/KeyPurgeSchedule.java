package dev.luna.api.idempotency;

import dev.luna.api.web.KeepsSchedule;
import org.quartz.JobBuilder;
import org.quartz.JobDetail;
import org.quartz.SimpleScheduleBuilder;
import org.quartz.Trigger;
import org.quartz.TriggerBuilder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;

/** Old keys go once an hour. */
@Configuration(proxyBeanMethods = false)
@Conditional(KeepsSchedule.class)
class KeyPurgeSchedule {

    private static final String NAME = "idempotency-key-purge";

    /** The group that the schedule of runs looks after, too: whose triggers it puts back when a clock was ahead. */
    private static final String GROUP = "luna";

    @Bean
    JobDetail keyPurgeJob() {
        return JobBuilder.newJob(KeyPurgeJob.class)
                .withIdentity(NAME, GROUP)
                .storeDurably()
                .build();
    }

    @Bean
    Trigger keyPurgeTrigger(JobDetail keyPurgeJob) {
        return TriggerBuilder.newTrigger()
                .withIdentity(NAME, GROUP)
                .forJob(keyPurgeJob)
                .withSchedule(SimpleScheduleBuilder.repeatHourlyForever())
                .build();
    }
}
