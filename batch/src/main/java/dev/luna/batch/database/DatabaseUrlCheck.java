package dev.luna.batch.database;

import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
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
        if (url == null || !StringUtils.hasText(url)) {
            return;
        }
        // What comes after the scheme may hold a password.
        if (!url.startsWith(POSTGRESQL)) {
            throw refused("its URL begins with '" + url.split("/", 2)[0] + "'");
        }
        if (Driver.parseURL(url, null) == null) {
            throw refused("its URL cannot be read, for its port or an escape for example");
        }
    }

    private static DatabaseStartException refused(String reason) {
        return new DatabaseStartException("the database cannot be used: " + reason
                + "; expected jdbc:postgresql://HOST:PORT/DATABASE in SPRING_DATASOURCE_URL");
    }
}
