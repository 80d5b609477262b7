package dev.luna.batch;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.PropertySource;

/**
 * Everything of this module as one Spring application without a web: the command line starts it as it is, the API
 * imports it. Settings that both need stand in {@code luna-defaults.properties}; whatever an application, the
 * environment or the command line says about them wins.
 */
@SpringBootApplication
@ConfigurationPropertiesScan
@PropertySource("classpath:luna-defaults.properties")
public class LunaBatch {}
