package dev.luna.batch.cli;

import dev.luna.batch.InvalidSettings;
import dev.luna.batch.run.ScoringSettings;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** Settings of the scoring profile as they are written on the command line, by the names they have in the configuration. */
final class ProfileOption {

    private static final String PREFIX = "profile";

    private ProfileOption() {}

    /**
     * The settings; null without any.
     *
     * @param values each as SETTING=VALUE
     * @throws IllegalArgumentException naming the setting that does not exist or is given twice, or the value that cannot be
     *     read
     */
    static @Nullable ScoringSettings read(List<String> values) {
        if (values.isEmpty()) {
            return null;
        }
        List<String> known = Arrays.stream(ScoringSettings.class.getRecordComponents())
                .map(component -> InvalidSettings.inKebabCase(component.getName()))
                .toList();
        Map<String, Object> properties = new TreeMap<>();
        for (String written : values) {
            int equals = written.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException("'%s'; expected SETTING=VALUE".formatted(written));
            }
            String name = written.substring(0, equals);
            String value = written.substring(equals + 1);
            String setting = name.replace('_', '-');
            if (!known.contains(setting)) {
                throw new IllegalArgumentException("%s is no setting of the scoring profile; there are %s"
                        .formatted(name, String.join(", ", known)));
            }
            if (value.isBlank()) {
                throw new IllegalArgumentException("%s has no value".formatted(setting));
            }
            if (properties.put(PREFIX + "." + setting, value) != null) {
                throw new IllegalArgumentException("%s is given twice".formatted(setting));
            }
        }
        try {
            return new Binder(new MapConfigurationPropertySource(properties))
                    .bind(PREFIX, ScoringSettings.class)
                    .get();
        } catch (BindException e) {
            ConfigurationProperty property = e.getProperty();
            throw property == null
                    ? new IllegalArgumentException(String.valueOf(e.getMessage()), e)
                    : new IllegalArgumentException(
                            "%s cannot be '%s'"
                                    .formatted(
                                            InvalidSettings.inKebabCase(property.getName()
                                                    .getLastElement(ConfigurationPropertyName.Form.ORIGINAL)),
                                            property.getValue()),
                            e);
        }
    }
}
