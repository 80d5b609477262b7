package dev.luna.batch.database;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.EnvironmentAware;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;
import org.springframework.util.StringUtils;

/** Refuses a URL of anything but PostgreSQL before any bean asks for its driver, which nobody could understand. */
@Component
final class DatabaseUrlCheck implements BeanFactoryPostProcessor, EnvironmentAware {

    private static final String POSTGRESQL = "jdbc:postgresql:";

    private @Nullable String url;

    @Override
    public void setEnvironment(Environment environment) {
        url = environment.getProperty("spring.datasource.url");
    }

    @Override
    public void postProcessBeanFactory(ConfigurableListableBeanFactory beans) {
        if (url != null && StringUtils.hasText(url) && !url.startsWith(POSTGRESQL)) {
            // What comes after the scheme may hold a password.
            throw new DatabaseStartException(
                    "the database cannot be used: its URL begins with '%s'; expected jdbc:postgresql://HOST:PORT/DATABASE in SPRING_DATASOURCE_URL"
                            .formatted(url.split("/", 2)[0]));
        }
    }
}
