package dev.luna.api.reco;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.sun.net.httpserver.HttpServer;
import dev.luna.batch.database.TestDatabase;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;
import org.slf4j.LoggerFactory;
import org.springframework.boot.DefaultApplicationArguments;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.mock.env.MockEnvironment;

class WarmupIT {

    /** Nothing answers at port 1 of this machine. */
    private static final int NOBODY = 1;

    private static final TestDatabase database = TestDatabase.migrated();

    private final Logger log = (Logger) LoggerFactory.getLogger(Warmup.class);
    private final ListAppender<ILoggingEvent> said = new ListAppender<>();
    private final MockEnvironment environment = new MockEnvironment();
    private final GenericApplicationContext context = new GenericApplicationContext();

    @BeforeEach
    void aServerThatCannotReachItself() {
        said.start();
        log.addAppender(said);
        context.setEnvironment(environment);
        port(NOBODY);
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
    void itSaysWhenItRefusesItself() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        HttpServer refusing = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        refusing.createContext("/", exchange -> {
            asked.incrementAndGet();
            exchange.sendResponseHeaders(421, -1);
            exchange.close();
        });
        refusing.start();
        try {
            port(refusing.getAddress().getPort());

            run(database.jdbc());
        } finally {
            refusing.stop(0);
        }

        assertThat(said.list).hasSize(1);
        assertThat(said.list.get(0).getFormattedMessage()).contains("/health answered 421");
        assertThat(asked).hasValue(1);
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
        away.setPortNumbers(new int[] {NOBODY});
        JdbcClient jdbc = JdbcClient.create(away);
        assertThatThrownBy(() -> run(jdbc)).isInstanceOf(DataAccessException.class);

        context.close();

        assertThatCode(() -> run(jdbc)).doesNotThrowAnyException();
    }

    private void port(int port) {
        environment.setProperty("local.server.port", Integer.toString(port));
    }

    private void run(JdbcClient jdbc) throws InterruptedException {
        new Warmup(jdbc, context, new ServerProperties(), new RecoProperties(Duration.ZERO, Duration.ZERO))
                .run(new DefaultApplicationArguments());
    }
}
