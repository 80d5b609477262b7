package dev.luna.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.luna.batch.scoring.ScoringProfile;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.type.filter.AnnotationTypeFilter;

/** The README's table of settings names every setting of Luna, and no other, with the default that the code has. */
class ReadmeConfigurationTest {

    private static final Pattern ROW = Pattern.compile("\\| `(luna\\.[a-z0-9.-]+)` \\| `?([^`|]*?)`? \\| .+ \\|");

    @Test
    void theTableHoldsEverySettingWithItsDefault() throws Exception {
        // As entries, of which a failure names those that differ.
        assertThat(settingsOfTheReadme().entrySet())
                .containsExactlyInAnyOrderElementsOf(settingsOfTheCode().entrySet());
    }

    private static Map<String, String> settingsOfTheReadme() throws IOException {
        Path readme = Path.of("..", "README.md");
        return Files.readAllLines(readme).stream()
                .map(ROW::matcher)
                .filter(Matcher::matches)
                .collect(Collectors.toMap(row -> row.group(1), row -> row.group(2), (a, b) -> b, TreeMap::new));
    }

    private static Map<String, String> settingsOfTheCode() throws Exception {
        var scanner = new ClassPathScanningCandidateComponentProvider(false);
        scanner.addIncludeFilter(new AnnotationTypeFilter(ConfigurationProperties.class));
        Map<String, String> settings = new TreeMap<>();
        for (var candidate : scanner.findCandidateComponents("dev.luna")) {
            Class<?> type = Class.forName(candidate.getBeanClassName());
            collect(type.getAnnotation(ConfigurationProperties.class).value(), type, settings);
        }
        return settings;
    }

    private static void collect(String prefix, Class<?> type, Map<String, String> settings) throws Exception {
        for (RecordComponent component : type.getRecordComponents()) {
            String name = prefix + "." + kebabCase(component.getName());
            DefaultValue standard =
                    type.getDeclaredConstructors()[0].getParameters()[indexOf(type, component)].getAnnotation(
                            DefaultValue.class);
            if (component.getType().isRecord()) {
                collect(name, component.getType(), settings);
            } else if (standard == null) {
                settings.put(name, standardProfile(component.getName()));
            } else {
                settings.put(name, String.join(", ", standard.value()));
            }
        }
    }

    /** Scoring settings that are not set are the standard profile's. */
    private static String standardProfile(String component) throws Exception {
        Object value = ScoringProfile.class.getMethod(component).invoke(ScoringProfile.standard());
        if (value instanceof Set<?> types) {
            return types.stream()
                    .map(type -> type.toString().toLowerCase(Locale.ROOT))
                    .sorted()
                    .collect(Collectors.joining(", "));
        }
        return value.toString().replaceAll("\\.0$", "");
    }

    private static int indexOf(Class<?> type, RecordComponent wanted) {
        RecordComponent[] components = type.getRecordComponents();
        int index = 0;
        while (!components[index].getName().equals(wanted.getName())) {
            index++;
        }
        return index;
    }

    private static String kebabCase(String camelCase) {
        return camelCase.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }
}
