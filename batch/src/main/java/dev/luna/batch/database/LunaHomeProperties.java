package dev.luna.batch.database;

import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where Luna keeps its own files.
 *
 * @param home directory of the embedded PostgreSQL, made when missing; {@code LUNA_HOME} in the environment
 */
@ConfigurationProperties("luna")
record LunaHomeProperties(@DefaultValue("./var") Path home) {}
