package dev.luna.api.docs;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import io.swagger.v3.core.jackson.ModelResolver;
import io.swagger.v3.core.util.Json31;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import io.swagger.v3.oas.models.servers.Server;
import java.util.List;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.servlet.config.annotation.ViewControllerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** The OpenAPI document at {@code /openapi.json}; Swagger UI at {@code /docs}, ReDoc at {@code /redoc}. */
@Configuration(proxyBeanMethods = false)
class DocsConfiguration implements WebMvcConfigurer {

    @Override
    public void addViewControllers(ViewControllerRegistry registry) {
        // The framework's own welcome page is for those only who accept HTML.
        registry.addViewController("/").setViewName("forward:/index.html");
        registry.addViewController("/docs").setViewName("forward:/docs.html");
        registry.addViewController("/redoc").setViewName("forward:/redoc.html");
    }

    @Bean
    OpenAPI openApi() {
        return new OpenAPI()
                .info(new Info()
                        .title("Luna")
                        .version("1")
                        .description(
                                "Where to go, and with whom: rankings that are recomputed in batch and read by key.")
                        .license(new License().name("Apache-2.0").identifier("Apache-2.0")))
                .addServersItem(new Server().url("/").description("this server"))
                .components(new Components());
    }

    /** swagger-core has a Jackson of its own, which does not know that our JSON is in snake case. */
    @Bean
    ModelResolver snakeCaseModelResolver() {
        return new ModelResolver(Json31.mapper().copy().setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE));
    }

    @Bean
    RecordNullness recordNullness() {
        return new RecordNullness();
    }

    /** In this order: a change has the fields of what it changes as the others have described them. */
    @Bean
    OpenApiCustomizer document() {
        List<OpenApiCustomizer> inOrder = List.of(
                new TagOrder(),
                new FieldExamples(),
                new SharedWording(),
                new HeaderDocumentation(),
                new ProblemDocumentation(),
                new ChangeDocumentation());
        return document -> inOrder.forEach(customizer -> customizer.customise(document));
    }
}
