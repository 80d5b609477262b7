package dev.luna.batch.cli;

import dev.luna.batch.LunaBatch;
import dev.luna.batch.database.ProcessEnd;
import java.util.Map;
import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.GenericApplicationListener;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.PropertySource;

/** The Spring application behind a verb, for the time of the verb. */
final class BatchContext {

    private static final Map<String, Object> QUIET = Map.of(
            // Standard output belongs to the command's result.
            "logging.config", "classpath:luna-cli-logback.xml",
            // A failed start is told in one sentence by CommandFailure.
            "logging.level.org.springframework.boot.SpringApplication", "off",
            "logging.level.org.springframework.context.annotation.AnnotationConfigApplicationContext", "off",
            "logging.level.org.springframework.boot.diagnostics", "off");

    private static final Map<String, Object> QUIET_WHEN_LOST = Map.of(
            "logging.level.com.zaxxer.hikari.pool.ProxyConnection", "off",
            "logging.level.org.springframework.jdbc.support.JdbcTransactionManager", "off");

    /** Whatever is set for the servers beside it: a command ends soon, and its program has not all of their jobs. */
    private static final PropertySource<?> NO_SCHEDULE =
            new MapPropertySource("command", Map.of("luna.schedule.enabled", false));

    private BatchContext() {}

    /** Starts it: database, migrations, beans. Takes about 3 s. */
    static ConfigurableApplicationContext start() {
        return builder().run();
    }

    /**
     * As {@link #start()}, for a verb that moves data in or out. When it loses its connection, its one sentence says so; what
     * warns of that on the way is not needed.
     */
    static ConfigurableApplicationContext startTransfer() {
        return builder().properties(QUIET_WHEN_LOST).run();
    }

    /** For who changes it before it starts. */
    static SpringApplicationBuilder builder() {
        return new SpringApplicationBuilder(LunaBatch.class)
                .web(WebApplicationType.NONE)
                .bannerMode(Banner.Mode.OFF)
                .logStartupInfo(false)
                .properties(QUIET)
                .initializers(starting ->
                        starting.getEnvironment().getPropertySources().addFirst(NO_SCHEDULE))
                .listeners(GenericApplicationListener.forEventType(
                        ContextClosedEvent.class, closed -> ProcessEnd.silenceConnections()));
    }
}
