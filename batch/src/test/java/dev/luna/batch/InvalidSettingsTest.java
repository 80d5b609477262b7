package dev.luna.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.InstanceOfAssertFactories.optional;

import com.zaxxer.hikari.HikariDataSource;
import dev.luna.batch.run.RecomputeSettings;
import dev.luna.batch.run.ScoringSettings;
import dev.luna.batch.scoring.ScoringProfile;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

class InvalidSettingsTest {

    private static final Locale OF_THE_HOST = Locale.getDefault();

    private final ApplicationContextRunner application =
            new ApplicationContextRunner().withUserConfiguration(Settings.class);

    @BeforeAll
    static void theLanguageOfEveryCommand() {
        Locale.setDefault(Locale.ROOT); // as LunaCommand does
    }

    @AfterAll
    static void theLanguageOfTheHost() {
        Locale.setDefault(OF_THE_HOST);
    }

    @Test
    void aValueOutOfRangeIsNamedWithItsValueAndRange() {
        expect("luna.recompute.keep-runs is 0; it must be greater than or equal to 1", "luna.recompute.keep-runs=0");
    }

    @Test
    void aValueOfTheWrongTypeIsNamedWithTheTypeExpected() {
        expect("luna.recompute.keep-runs is 'many'; expected a value of type int", "luna.recompute.keep-runs=many");
        expect(
                "luna.recompute.lease is '1.5s'; expected a whole number with a unit, such as 500ms, 15s, 5m or 1h",
                "luna.recompute.lease=1.5s");
    }

    @ParameterizedTest
    @CsvSource({"luna.recompute.keep-run, 5", "luna.recompute.gate.overlap-minimum, 0.9", "luna.scoring.decay, 0.2"})
    void aNameThatNoSettingHasIsToldWithItsPlaceAndWithoutItsValue(String name, String value) {
        expect(
                "%s is not the name of a setting (\"%s\" from property source \"test\")".formatted(name, name),
                name + "=" + value);
    }

    @Test
    void aPathThatTheLocaleCannotWriteIsNamedWithTheRemedy() {
        // What is no path in any locale.
        var binder = new Binder(new MapConfigurationPropertySource(Map.of("luna.home", "a\0b")));

        assertThatExceptionOfType(BindException.class)
                .isThrownBy(() -> binder.bind("luna.home", Path.class))
                .extracting(InvalidSettings::describe, optional(String.class))
                .hasValue("luna.home is 'a\0b'; expected a path in letters of this process's locale; "
                        + "set LC_ALL=C.UTF-8 for others");
    }

    @Test
    void aRuleIsToldByTheNamesOfItsSettings() {
        expect("luna.recompute.lease must be between 1s and 1h", "luna.recompute.lease=1ms");
        expect("luna.recompute.lease must be between 1s and 1h", "luna.recompute.lease=61m");
        expect("luna.recompute.gate.overlap-min must not be above overlap-max", "luna.recompute.gate.overlap-max=0.01");
        expect(
                "luna.recompute.gate.size-min must not be above size-max",
                "luna.recompute.gate.size-min=1000000",
                "luna.recompute.gate.size-max=1");
    }

    @Test
    void aValueThatIsNoneOfItsChoicesIsToldWithThem() {
        expect(
                "luna.scoring.positive-types is 'love'; expected one of view, interest, like",
                "luna.scoring.positive-types=love");
    }

    @ParameterizedTest
    @ValueSource(strings = {"like,", ",like", "like,,view"})
    void aListWithAnEmptyPlaceIsNamed(String types) {
        expect(
                "luna.scoring.positive-types is a list with an empty place; expected some of [VIEW, INTEREST, LIKE] with a comma between them",
                "luna.scoring.positive-types=" + types);
    }

    @Test
    void aScoringProfileOutOfRangeIsNamed() {
        expect(
                "luna.scoring.spatial-weight is -1.0; expected a number of at least 0 and at most 1.0E9",
                "luna.scoring.spatial-weight=-1");
    }

    @Test
    void aSettingThatStandsForAnotherIsToldByTheOther() {
        expect(
                "luna.keep is 'many'; expected a value of type int",
                "luna.keep=many",
                "luna.recompute.keep-runs=${luna.keep}");
        expect(
                "luna.recompute.keep-runs is '${luna.keep}${luna.keep}'; expected a value of type int",
                "luna.keep=many",
                "luna.recompute.keep-runs=${luna.keep}${luna.keep}");
    }

    @Test
    void aValueThatASetterRefusesIsNamedWithWhatItSays() {
        var binder = new Binder(
                new MapConfigurationPropertySource(Map.of("spring.datasource.hikari.maximum-pool-size", "0")));

        assertThatExceptionOfType(BindException.class)
                .isThrownBy(() -> binder.bind("spring.datasource.hikari", HikariDataSource.class))
                .extracting(InvalidSettings::describe, optional(String.class))
                .hasValue("spring.datasource.hikari.maximum-pool-size is '0'; maxPoolSize cannot be less than 1");
    }

    @Test
    void theServersSettingsAreToldAsWell() {
        assertThat(InvalidSettings.describe(
                        new RuntimeException(new IllegalArgumentException("server.port is 99999; expected less"))))
                .hasValue("server.port is 99999; expected less");
    }

    @Test
    void otherFailuresAreNotMistakenForSettings() {
        assertThat(InvalidSettings.describe(new IllegalStateException("no", new IllegalArgumentException("bad"))))
                .isEmpty();
    }

    private void expect(String sentence, String... settings) {
        application
                .withPropertyValues(settings)
                .run(context -> assertThat(InvalidSettings.describe(context.getStartupFailure()))
                        .hasValue(sentence));
    }

    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties({RecomputeSettings.class, ScoringSettings.class})
    static class Settings {
        @Bean
        ScoringProfile profile(ScoringSettings settings) {
            return settings.profile();
        }
    }
}
