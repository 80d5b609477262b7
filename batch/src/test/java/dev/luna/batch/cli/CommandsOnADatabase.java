package dev.luna.batch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.luna.batch.database.TestDatabase;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** What tests of commands about runs share: a database that each finds empty, and commands with their answers. */
abstract class CommandsOnADatabase {

    static final TestDatabase database = TestDatabase.migrated();

    /** Of the last command. */
    final StringWriter err = new StringWriter();

    @BeforeAll
    static void aDatabaseOfYourOwn() {
        System.setProperty("spring.datasource.url", database.url());
        System.setProperty("spring.datasource.username", database.username());
        System.setProperty("spring.datasource.password", database.password());
    }

    @AfterAll
    static void forgetIt() {
        System.clearProperty("spring.datasource.url");
        System.clearProperty("spring.datasource.username");
        System.clearProperty("spring.datasource.password");
    }

    @BeforeEach
    void emptyDatabase() {
        database.clear();
    }

    record Ended(int exitCode, String out) {}

    Ended luna(String... arguments) {
        StringWriter out = new StringWriter();
        err.getBuffer().setLength(0);
        int exitCode = LunaCommand.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
        return new Ended(exitCode, out.toString());
    }

    /** What a command says that succeeds. */
    String answer(String... arguments) {
        Ended ended = luna(arguments);
        assertThat(ended.exitCode).as(err.toString()).isEqualTo(ExitCode.OK);
        return ended.out;
    }

    /** The id of the newest run. */
    static String newest() {
        return database.jdbc()
                .sql("select max(id)::text from run")
                .query(String.class)
                .single();
    }
}
