package dev.luna.api.reco;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.luna.batch.database.TestDatabase;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;
import org.slf4j.LoggerFactory;
import org.springframework.boot.DefaultApplicationArguments;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.mock.env.MockEnvironment;

class WarmupIT {

    /** Nothing answers at port 1 of this machine. */
    private static final String NOBODY = "1";

    private static final TestDatabase database = TestDatabase.migrated();

    private final Logger log = (Logger) LoggerFactory.getLogger(Warmup.class);
    private final ListAppender<ILoggingEvent> said = new ListAppender<>();
    private final GenericApplicationContext context = new GenericApplicationContext();

    @BeforeEach
    void aServerThatCannotReachItself() {
        said.start();
        log.addAppender(said);
        context.setEnvironment(new MockEnvironment().withProperty("local.server.port", NOBODY));
        context.refresh();
    }

    @AfterEach
    void listenNoMore() {
        log.detachAppender(said);
        context.close();
    }

    @Test
    void itIsReadyAllTheSameAndSaysSo() throws Exception {
        run(database.jdbc());

        assertThat(said.list).hasSize(1);
    }

    @Test
    void oneThatIsStoppedMeanwhileSaysNothing() throws Exception {
        context.close();

        run(database.jdbc());

        assertThat(said.list).isEmpty();
    }

    @Test
    void aLostDatabaseIsNoFailureOfOneThatIsStopped() {
        PGSimpleDataSource away = new PGSimpleDataSource();
        away.setServerNames(new String[] {"127.0.0.1"});
        away.setPortNumbers(new int[] {Integer.parseInt(NOBODY)});
        JdbcClient jdbc = JdbcClient.create(away);
        assertThatThrownBy(() -> run(jdbc)).isInstanceOf(DataAccessException.class);

        context.close();

        assertThatCode(() -> run(jdbc)).doesNotThrowAnyException();
    }

    private void run(JdbcClient jdbc) throws InterruptedException {
        new Warmup(jdbc, context, new RecoProperties(Duration.ZERO, Duration.ZERO))
                .run(new DefaultApplicationArguments());
    }
}
