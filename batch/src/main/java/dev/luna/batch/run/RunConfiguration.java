package dev.luna.batch.run;

import dev.luna.batch.scoring.ScoringProfile;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Makes the scoring profile of new runs when the application starts, so that a wrong setting is told then. */
@Configuration(proxyBeanMethods = false)
class RunConfiguration {

    @Bean
    ScoringProfile scoringProfile(ScoringSettings settings) {
        return settings.profile();
    }
}
