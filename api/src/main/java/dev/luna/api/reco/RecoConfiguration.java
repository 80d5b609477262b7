package dev.luna.api.reco;

import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.web.servlet.HandlerExceptionResolver;

/** Puts the short way of ordinary reads in front of what is shared by all calls. */
@Configuration(proxyBeanMethods = false)
class RecoConfiguration {

    @Bean
    FilterRegistrationBean<OrdinaryReads> ordinaryReads(
            VenueRecommendations venues, RankingHeaders headers, HandlerExceptionResolver handlerExceptionResolver) {
        var registration = new FilterRegistrationBean<>(new OrdinaryReads(venues, headers, handlerExceptionResolver));
        registration.addUrlPatterns(OrdinaryReads.PATH + "*");
        // The container has read a proxy's headers by then, and StrictQuery the query.
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 5);
        return registration;
    }
}
