package dev.luna.api.reco;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.sun.net.httpserver.HttpServer;
import dev.luna.batch.database.TestDatabase;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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
        Set<String> asked = ConcurrentHashMap.newKeySet();
        HttpServer refusing = answering(421, asked);
        try {
            port(refusing.getAddress().getPort());

            run(database.jdbc());
        } finally {
            refusing.stop(0);
        }

        assertThat(said.list).hasSize(1);
        assertThat(said.list.get(0).getFormattedMessage()).contains("/health answered 421");
        assertThat(asked).containsExactly("/health");
    }

    /** Users are deleted by other servers, too. */
    @Test
    void itGoesOnWhenSomebodyItAsksAboutIsNoMore() throws Exception {
        database.jdbc()
                .sql("insert into users (handle, name) values ('ada', 'Ada'), ('bob', 'Bob')")
                .update();
        Set<String> asked = ConcurrentHashMap.newKeySet();
        HttpServer server = answering(404, asked);
        try {
            port(server.getAddress().getPort());

            run(database.jdbc());
        } finally {
            server.stop(0);
            database.jdbc().sql("delete from users").update();
        }

        assertThat(said.list).isEmpty();
        // Of the server, its users and venues, and three of each user.
        assertThat(asked).hasSize(9);
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

    private static HttpServer answering(int status, Set<String> asked) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            asked.add(exchange.getRequestURI().toString());
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        server.start();
        return server;
    }

    private void port(int port) {
        environment.setProperty("local.server.port", Integer.toString(port));
    }

    private void run(JdbcClient jdbc) throws InterruptedException {
        new Warmup(jdbc, context, new ServerProperties(), new RecoProperties(Duration.ZERO, Duration.ZERO))
                .run(new DefaultApplicationArguments());
    }
}
