package dev.luna.batch.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;

/**
 * Settings that are allowed and far from the defaults: weights in percent, large caps, no companions in general; and a
 * database's own.
 */
@SpringBootTest(
        properties = {
            "luna.scoring.base-weight=60",
            "luna.scoring.direct-weight=25",
            "luna.scoring.category-weight=15",
            "luna.scoring.preference-cap=1000",
            "luna.scoring.category-cap=1000",
            "luna.recompute.companions-per-user=0"
        })
class UnusualSettingsIT extends Town {

    UnusualSettingsIT() {
        super(200, 40);
    }

    @Test
    void aRunPassesTheGateAndHasWhatWasAskedFor() throws Exception {
        Run run = run(RunKind.FULL);

        assertThat(run.published()).as(run.sentence()).isTrue();
        assertThat(companions("venue_id is null")).isZero();
        assertThat(companions("score > 100")).isPositive();
    }

    @Test
    void aRefreshIsPublishedWhereStringsHaveEscapes(@Autowired HikariDataSource pool) throws Exception {
        run(RunKind.FULL);
        String database =
                jdbc.sql("select current_database()").query(String.class).single();
        jdbc.sql("alter database " + database + " set standard_conforming_strings = off")
                .update();
        try {
            pool.getHikariPoolMXBean().softEvictConnections();

            Run refresh = run(RunKind.REFRESH);

            assertThat(refresh.published()).as(refresh.sentence()).isTrue();
        } finally {
            jdbc.sql("alter database " + database + " reset all").update();
        }
    }

    private long companions(String condition) {
        return jdbc.sql("select count(*) from published_companion_ranking where " + condition)
                .query(Long.class)
                .single();
    }
}
