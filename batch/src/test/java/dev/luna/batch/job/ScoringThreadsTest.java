package dev.luna.batch.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.luna.batch.run.RecomputeSettings;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class ScoringThreadsTest {

    /** As many partitions are planned: more would leave some threads without work in the last round. */
    @ParameterizedTest
    @CsvSource({"12, 16, 10", "12, 18, 12", "4, 16, 4", "12, 6, 1"})
    void thereAreAsManyAsConnectionsAreLeftFor(int configured, int connections, int threads) {
        try (HikariDataSource pool = pool(connections)) {
            ScoringThreads scoring = new ScoringThreads(settings(configured), pool);

            assertThat(scoring.count()).isEqualTo(threads);
            scoring.destroy();
        }
    }

    @Test
    void onlyWhoScoresIsToldThatThereAreFewerThanSet(CapturedOutput output) {
        try (HikariDataSource pool = pool(8)) {
            ScoringThreads scoring = new ScoringThreads(settings(5), pool);
            assertThat(output).doesNotContain("Scoring with");

            scoring.start();

            assertThat(output).contains("Scoring with 2 threads instead of 5: the pool has 8 connections");
            scoring.destroy();
        }
    }

    private static HikariDataSource pool(int connections) {
        HikariDataSource pool = new HikariDataSource();
        pool.setMaximumPoolSize(connections);
        return pool;
    }

    private static RecomputeSettings settings(int threads) {
        return new Binder(new MapConfigurationPropertySource(Map.of("luna.recompute.threads", threads)))
                .bindOrCreate("luna.recompute", RecomputeSettings.class);
    }
}
