package dev.luna.api.reco;

import org.springframework.boot.web.servlet.FilterRegistration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.web.servlet.HandlerExceptionResolver;

/** Puts the short way of ordinary reads in front of what is shared by all calls. */
@Configuration(proxyBeanMethods = false)
class RecoConfiguration {

    /** The container has read a proxy's headers by then, and StrictQuery the query. */
    @Bean
    @FilterRegistration(urlPatterns = OrdinaryReads.PATH + "*", order = Ordered.HIGHEST_PRECEDENCE + 5)
    OrdinaryReads ordinaryReads(
            VenueRecommendations venues, RankingHeaders headers, HandlerExceptionResolver handlerExceptionResolver) {
        return new OrdinaryReads(venues, headers, handlerExceptionResolver);
    }
}
