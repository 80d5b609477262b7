package dev.luna.api;

import dev.luna.batch.LunaBatch;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.Import;

/** The web module as one Spring application, with everything of the batch module in it. */
@SpringBootApplication(proxyBeanMethods = false)
@ConfigurationPropertiesScan
@Import(LunaBatch.class)
class LunaApi {}
