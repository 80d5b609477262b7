package dev.luna.api;

import dev.luna.api.web.ServerUrl;
import dev.luna.batch.database.ProcessEnd;
import java.util.HashMap;
import java.util.Map;
import org.apache.catalina.loader.WebappClassLoaderBase;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.boot.web.server.servlet.context.AnnotationConfigServletWebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.GenericApplicationListener;

/** The application, serving. */
final class RunningServer {

    private final ConfigurableApplicationContext context;

    private RunningServer(ConfigurableApplicationContext context) {
        this.context = context;
    }

    /** Starts it, warmed up; {@code rootLogLevel} holds unless the environment says otherwise. */
    static RunningServer start(String rootLogLevel) {
        Map<String, Object> defaults = new HashMap<>();
        defaults.put("logging.level.root", rootLogLevel);
        // A failed start is told in one sentence by StartFailure.
        defaults.put("logging.level.org.springframework.boot.SpringApplication", "off");
        defaults.put("logging.level.org.springframework.boot.diagnostics", "off");
        defaults.put("logging.level.org.springframework.boot.autoconfigure.logging", "warn");
        defaults.put("logging.level." + AnnotationConfigServletWebServerApplicationContext.class.getName(), "error");
        // Inside of Tomcat's start, where filters need most of the application.
        defaults.put(
                "logging.level.org.springframework.boot.tomcat.servlet.DeferredServletContainerInitializers", "off");
        defaults.put("logging.level." + WebappClassLoaderBase.class.getName(), "error");
        // It warns of the threads of a port that it did not get.
        defaults.put("logging.level.org.apache.tomcat.util.net.Nio2Endpoint", "error");
        return new RunningServer(new SpringApplicationBuilder(LunaApi.class)
                .logStartupInfo(false)
                .properties(defaults)
                .listeners(GenericApplicationListener.forEventType(
                        ContextClosedEvent.class, closed -> ProcessEnd.silenceConnections()))
                .run());
    }

    <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    /** Whether it was told to end, perhaps while it was still starting. */
    boolean isStopping() {
        return context.isClosed();
    }

    /** Where it listens. */
    String url() {
        return ServerUrl.of(bean(ServerProperties.class), context.getEnvironment());
    }
}
