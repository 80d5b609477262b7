package dev.luna.api.web;

import java.util.List;
import org.apache.catalina.core.StandardHost;
import org.apache.coyote.http11.Http11Nio2Protocol;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.http.converter.ByteArrayHttpMessageConverter;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.http.converter.HttpMessageConverters;
import org.springframework.http.converter.ResourceHttpMessageConverter;
import org.springframework.http.converter.StringHttpMessageConverter;
import org.springframework.http.converter.json.JacksonJsonHttpMessageConverter;
import org.springframework.web.filter.UrlHandlerFilter;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.config.annotation.ContentNegotiationConfigurer;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Puts the shared web behaviour in front of all endpoints. */
@Configuration(proxyBeanMethods = false)
class WebConfiguration implements WebMvcConfigurer {

    @Override
    public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
        resolvers.add(new ParameterObjects());
    }

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(new KnownParameters());
        registry.addInterceptor(new JsonAnswers());
    }

    @Override
    public void configureContentNegotiation(ContentNegotiationConfigurer configurer) {
        configurer.strategies(List.of(new AcceptedTypes()));
    }

    /** Libraries bring further formats along, whose mappers know nothing of this API's names and strictness. */
    @Override
    public void configureMessageConverters(HttpMessageConverters.ServerBuilder builder) {
        builder.configureMessageConvertersList(converters -> converters.removeIf(converter -> !isOfThisApi(converter)));
    }

    private static boolean isOfThisApi(HttpMessageConverter<?> converter) {
        return converter instanceof JacksonJsonHttpMessageConverter
                || converter instanceof StringHttpMessageConverter
                || converter instanceof ByteArrayHttpMessageConverter
                || converter instanceof ResourceHttpMessageConverter;
    }

    @Bean
    @FilterRegistration(order = Ordered.HIGHEST_PRECEDENCE + 1)
    NoFrames noFrames() {
        return new NoFrames();
    }

    /** Before whatever refuses, because it drops what was not read. */
    @Bean
    @FilterRegistration(order = Ordered.HIGHEST_PRECEDENCE + 2)
    BodyLimitFilter bodyLimit(HttpProperties properties, ProblemWriter problems) {
        return new BodyLimitFilter(properties, problems, System::nanoTime);
    }

    @Bean
    @FilterRegistration(order = Ordered.HIGHEST_PRECEDENCE + 3)
    KnownHosts knownHosts(HttpProperties properties, ProblemWriter problems) {
        return new KnownHosts(properties, problems);
    }

    /** Before any other filter reads the parameters. */
    @Bean
    @FilterRegistration(order = Ordered.HIGHEST_PRECEDENCE + 4)
    StrictQuery strictQuery(ProblemWriter problems) {
        return new StrictQuery(problems);
    }

    @Bean
    @FilterRegistration(order = Ordered.HIGHEST_PRECEDENCE + 10)
    UrlHandlerFilter trailingSlash() {
        return UrlHandlerFilter.trailingSlashHandler("/**").wrapRequest().build();
    }

    @Bean
    @FilterRegistration(order = Ordered.HIGHEST_PRECEDENCE + 20)
    CrossSiteFilter crossSite(ProblemWriter problems) {
        return new CrossSiteFilter(problems);
    }

    /** Between two requests of a connection its thread asks for the next one itself, which spares waking Tomcat's poller. */
    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> asynchronousSockets() {
        return factory -> factory.setProtocol(Http11Nio2Protocol.class.getName());
    }

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> problemErrorValve() {
        return factory -> factory.addContextCustomizers(context -> {
            if (context.getParent() instanceof StandardHost host) {
                host.setErrorReportValveClass(ProblemErrorValve.class.getName());
            }
        });
    }
}
