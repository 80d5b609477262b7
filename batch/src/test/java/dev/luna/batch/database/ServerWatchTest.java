package dev.luna.batch.database;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class ServerWatchTest {

    private final Logger log = (Logger) LoggerFactory.getLogger(ServerWatch.class);
    private final ListAppender<ILoggingEvent> said = new ListAppender<>();

    @BeforeEach
    void listen() {
        said.start();
        log.addAppender(said);
    }

    @AfterEach
    void listenNoMore() {
        log.detachAppender(said);
    }

    @Test
    void whatIsInTheWayIsSaidOnceUntilItChangesOrIsOver() {
        Queue<String> looks = new ArrayDeque<>(List.of("gone", "gone", "full", "full", "", "full"));
        ServerWatch watch = new ServerWatch(() -> {
            String obstacle = looks.remove();
            if (!obstacle.isEmpty()) {
                throw new IOException(obstacle);
            }
        });

        while (!looks.isEmpty()) {
            watch.look();
        }

        assertThat(said.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .map(line -> line.substring(line.indexOf(": ") + 2))
                .containsExactly("gone", "full", "full");
        assertThat(said.list).extracting(ILoggingEvent::getThrowableProxy).containsOnlyNulls();
    }

    /** Thrown on, it would be the last look. */
    @Test
    void aServerIsLookedAfterAlsoAfterAnErrorWhichIsToldOnceWithItsTrace() {
        Queue<Error> looks = new ArrayDeque<>(List.of(
                new InternalError("unable to create native thread"),
                new InternalError("unable to create native thread"),
                new StackOverflowError()));
        ServerWatch watch = new ServerWatch(() -> {
            throw looks.remove();
        });

        while (!looks.isEmpty()) {
            watch.look();
        }

        assertThat(said.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly(
                        "PostgreSQL could not be started again; it is tried every second: unable to create native thread",
                        "PostgreSQL could not be started again; it is tried every second: null");
        assertThat(said.list)
                .extracting(event -> event.getThrowableProxy().getClassName())
                .containsExactly(InternalError.class.getName(), StackOverflowError.class.getName());
    }

    @Test
    void itsThreadBelongsToNoWebApplication() throws IOException {
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        try (URLClassLoader application = new URLClassLoader(new URL[0], before)) {
            Thread.currentThread().setContextClassLoader(application);

            Thread thread = ServerWatch.thread(() -> {});

            assertThat(thread.getContextClassLoader()).isSameAs(ServerWatch.class.getClassLoader());
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }
}
