package dev.luna.batch.database;

import static java.util.regex.Pattern.CASE_INSENSITIVE;

import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.postgresql.PGProperty;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.EnvironmentAware;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;
import org.springframework.util.StringUtils;

/** Refuses a URL or a password that cannot do before any bean asks for its driver, which nobody could understand. */
@Component
final class DatabaseUrlCheck implements BeanFactoryPostProcessor, EnvironmentAware {

    private static final String POSTGRESQL = "jdbc:postgresql:";

    /** What may be shown: without a scheme it begins with a host, or a user and a password. */
    private static final Pattern SCHEME =
            Pattern.compile("jdbc:[a-z0-9+.-]+:|[a-z][a-z0-9+.-]*:(?=//)", CASE_INSENSITIVE);

    /** Of a time limit. */
    private static final String NONE = "0";

    /** What Java makes of letters that its locale does not have. */
    private static final String UNREADABLE = "\uFFFD";

    private @Nullable String url;
    private @Nullable String password;

    @Override
    public void setEnvironment(Environment environment) {
        url = environment.getProperty("spring.datasource.url");
        // As the pool reads it: what looks like a placeholder, and stands for nothing, is a part of it.
        password = Binder.get(environment)
                .bind("spring.datasource.password", String.class)
                .orElse(null);
    }

    @Override
    public void postProcessBeanFactory(ConfigurableListableBeanFactory beans) {
        if (url == null || !StringUtils.hasText(url)) {
            return;
        }
        if (!url.startsWith(POSTGRESQL)) {
            Matcher scheme = SCHEME.matcher(url);
            throw refused(
                    scheme.lookingAt()
                            ? "its URL begins with '" + scheme.group() + "'"
                            : "its URL does not begin with " + POSTGRESQL);
        }
        Properties settings = Driver.parseURL(url, null);
        if (settings == null) {
            throw refused("its URL cannot be read, for its port or an escape for example");
        }
        if (password != null && password.contains(UNREADABLE)) {
            throw new DatabaseStartException(
                    "the database cannot be used: its password has letters that cannot be read in this process's locale; set LC_ALL=C.UTF-8 in its environment");
        }
        // The driver heeds the URL before anything that Luna sets.
        String timeout = settings.getProperty(PGProperty.SOCKET_TIMEOUT.getName(), NONE);
        if (!timeout.equals(NONE)) {
            throw new DatabaseStartException(
                    "the database cannot be used: socketTimeout=%s in its URL would break off whatever takes longer, as a run's statements may, however often it is tried; leave it out of SPRING_DATASOURCE_URL: keep-alives tell within 30 s that the server is gone"
                            .formatted(timeout));
        }
    }

    private static DatabaseStartException refused(String reason) {
        return new DatabaseStartException("the database cannot be used: " + reason
                + "; expected jdbc:postgresql://HOST:PORT/DATABASE in SPRING_DATASOURCE_URL");
    }
}
