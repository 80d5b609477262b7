package dev.luna.batch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** What the command line answers without a database. */
class LunaCommandTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final CommandLine luna =
            LunaCommand.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));

    @TestFactory
    List<DynamicTest> everyVerbExplainsItselfAndItsExitCodes() {
        List<DynamicTest> tests = new ArrayList<>();
        collect(LunaCommand.commandLine(), List.of(), tests);
        assertThat(tests).hasSizeGreaterThan(2);
        return tests;
    }

    @ParameterizedTest
    @ValueSource(strings = {"README.md", "scripts/luna"})
    void thePagesTellTheSameExitCodes(String page) throws IOException {
        String text = Files.readString(Path.of("..").resolve(page)).replaceAll("[|\\s]+", " ");

        assertThat(text)
                .containsPattern(
                        "130 the run was stopped, or Ctrl-C,? +143 (the process was )?ended by SIGTERM, after");
    }

    @Test
    void theVersionIsShown() {
        assertThat(luna.execute("--version")).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).startsWith("luna ");
    }

    @Test
    void noVerbAndAnUnknownVerbAreWrongUsage() {
        assertThat(luna.execute()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(err.toString()).startsWith("Missing required subcommand").contains("import");

        assertThat(luna.execute("improt", "dir")).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(err.toString()).contains("Unmatched arguments").contains("improt");
    }

    @Test
    void theScriptNamesAllThatIsDoneToRuns() throws IOException {
        assertThat(Files.readAllLines(Path.of("..", "scripts", "luna")))
                .filteredOn(line -> line.startsWith("  runs "))
                .singleElement()
                .asString()
                .contains(luna.getSubcommands().get("runs").getSubcommands().keySet());
    }

    @Test
    void theListOfVerbsShowsWholeSentences() {
        luna.getSubcommands().values().forEach(LunaCommandTest::firstLinesAreSentences);
    }

    /** A list of verbs shows the first line of what each is described by. */
    private static void firstLinesAreSentences(CommandLine command) {
        assertThat(command.getCommandSpec().usageMessage().description()[0])
                .as(command.getCommandName())
                .matches("[A-Z].*\\.");
        command.getSubcommands().values().forEach(LunaCommandTest::firstLinesAreSentences);
    }

    @TestFactory
    List<DynamicTest> everyNumberOutOfItsRangeIsWrongUsage() {
        List<DynamicTest> tests = new ArrayList<>();
        numbers(LunaCommand.commandLine(), List.of(), tests);
        assertThat(tests)
                .extracting(DynamicTest::getDisplayName)
                .contains(
                        "luna runs --limit=-1",
                        "luna runs list --limit=-1",
                        "luna runs --before=-1",
                        "luna runs verify 1 --sample=-1");
        return tests;
    }

    @Test
    void aNumberOutOfItsRangeIsNamedWithTheRange() {
        assertThat(luna.execute("runs", "--limit", "0")).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(luna.execute("runs", "--limit", "1001")).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(luna.execute("runs", "--before", "0")).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(err.toString())
                .contains(
                        "Invalid value for option '--limit': 0; expected 1 to 1000",
                        "Invalid value for option '--limit': 1001; expected 1 to 1000",
                        "Invalid value for option '--before': 0; expected 1 or more");
    }

    @Test
    void aMissingDirectoryIsWrongUsage() {
        assertThat(luna.execute("import")).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(err.toString()).contains("Missing required parameter: 'DIR'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"import ", "export ", "export --rankings="})
    void anEmptyPathIsWrongUsageAndNotTheCurrentDirectory(String line) {
        assertThat(luna.execute(line.split(" ", -1))).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(err.toString())
                .startsWith("Invalid value for ")
                .contains(": the path is empty; expected the name of a file or directory");
    }

    @Test
    void anArgumentThatBeginsWithAnAtSignIsNoFileOfArguments(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("arguments"), "--version");

        assertThat(luna.execute("@" + file)).isEqualTo(ExitCode.BAD_INPUT);

        assertThat(err.toString()).contains("Unmatched argument").contains("'@" + file + "'");
    }

    @Test
    void anOptionBetweenRunsAndItsVerbIsRefused() {
        assertThat(luna.execute("runs", "--json", "show", "1")).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(luna.execute("runs", "--limit=3", "stop", "1")).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(err.toString())
                .contains(
                        "--json before 'show' would do nothing; options of 'show' go after it",
                        "--limit before 'stop' would do nothing; options of 'stop' go after it");
    }

    @Test
    void helpIsShownWhereverItIsAskedFor() {
        assertThat(luna.execute("runs", "--help", "show")).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("Usage: luna runs ");

        assertThat(luna.execute("runs", "--json", "show", "--help")).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("Usage: luna runs show ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"decay-per-km=0.2", "decay-per-km=0.3", "decay_per_km=0.3"})
    void aSettingThatIsGivenTwiceIsWrongUsage(String again) {
        assertThat(luna.execute("recompute", "--profile", "decay-per-km=0.2", "--profile", again))
                .isEqualTo(ExitCode.BAD_INPUT);
        assertThat(err.toString()).startsWith("--profile: decay-per-km is given twice");
    }

    @ParameterizedTest
    @ValueSource(strings = {"decay-per-km", "=0.2"})
    void aProfileOfNoSettingIsWrongUsage(String setting) {
        assertThat(luna.execute("recompute", "--profile", setting)).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(err.toString()).startsWith("--profile: '" + setting + "'; expected SETTING=VALUE");
    }

    @Test
    void whatIsNoNumberIsToldWhichNumbersThereAre() {
        assertThat(luna.execute("runs", "--limit", "1e3")).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(luna.execute("runs", "--before", "x")).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(luna.execute("runs", "show", "9223372036854775808")).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(err.toString())
                .contains(
                        "Invalid value for option '--limit': '1e3' is not a whole number up to 2147483647",
                        "Invalid value for option '--before': 'x' is not a whole number up to 9223372036854775807",
                        "(ID): '9223372036854775808' is not a whole number up to 9223372036854775807");
    }

    @Test
    void anExportOfNothingAndOneOfBothAreWrongUsage() {
        assertThat(luna.execute("export")).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(luna.execute("export", "dir", "--rankings", "r.csv")).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(luna.execute("export", "--gzip", "--rankings", "r.csv")).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(err.toString()).contains("--rankings FILE", "r.csv.gz");
    }

    private static void numbers(CommandLine command, List<String> verb, List<DynamicTest> tests) {
        for (OptionSpec option : command.getCommandSpec().options()) {
            if (!List.of(int.class, long.class, Long.class).contains(option.type())) {
                continue;
            }
            List<String> arguments = new ArrayList<>(verb);
            command.getCommandSpec().positionalParameters().forEach(id -> arguments.add("1"));
            arguments.add(option.longestName() + "=-1");
            tests.add(DynamicTest.dynamicTest("luna " + String.join(" ", arguments), () -> {
                StringWriter said = new StringWriter();
                int exitCode = LunaCommand.commandLine()
                        .setErr(new PrintWriter(said))
                        .execute(arguments.toArray(String[]::new));

                assertThat(exitCode).isEqualTo(ExitCode.BAD_INPUT);
                assertThat(said.toString())
                        .startsWith("Invalid value for option '" + option.longestName() + "': -1; expected ");
            }));
        }
        command.getSubcommands().forEach((name, subcommand) -> {
            List<String> deeper = new ArrayList<>(verb);
            deeper.add(name);
            numbers(subcommand, deeper, tests);
        });
    }

    private static void collect(CommandLine command, List<String> verb, List<DynamicTest> tests) {
        List<String> arguments = new ArrayList<>(verb);
        arguments.add("--help");
        tests.add(DynamicTest.dynamicTest("luna " + String.join(" ", arguments), () -> {
            StringWriter help = new StringWriter();
            int exitCode =
                    LunaCommand.commandLine().setOut(new PrintWriter(help)).execute(arguments.toArray(String[]::new));

            assertThat(exitCode).isEqualTo(ExitCode.OK);
            assertThat(help.toString())
                    .contains("Usage: luna", "Exit codes:", "refused or held", "130   ", "143   ended by SIGTERM")
                    .contains("LUNA_HOME");
        }));
        command.getSubcommands().forEach((name, subcommand) -> {
            List<String> deeper = new ArrayList<>(verb);
            deeper.add(name);
            collect(subcommand, deeper, tests);
        });
    }
}
