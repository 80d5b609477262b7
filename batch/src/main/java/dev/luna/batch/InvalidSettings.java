package dev.luna.batch;

import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.bind.validation.BindValidationException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.ResolvableType;
import org.springframework.core.convert.ConversionFailedException;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.FieldError;
import org.springframework.validation.ObjectError;

/** Tells from a failed start which settings were refused and why, so that nobody has to read a stack trace for that. */
public final class InvalidSettings {

    /** What the validator calls a violated {@code @AssertTrue}. */
    private static final String RULE = "AssertTrue";

    /** A capital inside of a name, not that of a number such as 1.0E9. */
    private static final Pattern HUMP = Pattern.compile("(?<=[a-z])[A-Z](?=[a-z])");

    private static final Pattern OURS = Pattern.compile("(luna|server)\\.");

    /** A value that is nothing but another setting's. */
    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([^{}:]+)}");

    /** What is written where the name of the type does not say it. */
    private static final Map<Class<?>, String> FORMS = Map.of(
            Duration.class, "a whole number with a unit, such as 500ms, 15s, 5m or 1h",
            DataSize.class, "a whole number with a unit, such as 256KB or 4MB",
            ZoneId.class, "a zone such as Europe/Berlin or UTC",
            Path.class, "a path in letters of this process's locale; set LC_ALL=C.UTF-8 for others");

    private InvalidSettings() {}

    /**
     * One sentence per refused setting, with its name, value and what was expected.
     *
     * @return empty when the start failed for another reason
     */
    public static Optional<String> describe(Throwable failure) {
        BindException unbound = null;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof BindValidationException invalid) {
                return Optional.of(describe(invalid));
            }
            if (cause instanceof UnboundConfigurationPropertiesException unknown) {
                return Optional.of(describe(unknown));
            }
            if (cause instanceof BindException bind) {
                unbound = bind;
            }
            // Records, the scoring profile and the server check themselves and name the setting.
            String message = cause.getMessage();
            if (cause instanceof IllegalArgumentException
                    && message != null
                    && OURS.matcher(message).lookingAt()) {
                // Only up to the value, which stays as it was given.
                int value = Math.max(0, message.indexOf(" is "));
                return Optional.of(inKebabCase(message.substring(0, value)) + message.substring(value));
            }
        }
        return Optional.ofNullable(unbound).map(InvalidSettings::describe);
    }

    /** Without the values: one may be a secret under a name that is misspelt. */
    private static String describe(UnboundConfigurationPropertiesException unknown) {
        return unknown.getUnboundProperties().stream()
                .map(property -> property.getName() + " is not the name of a setting"
                        + (property.getOrigin() == null ? "" : " (" + property.getOrigin() + ")"))
                .collect(Collectors.joining("\n      "));
    }

    private static String describe(BindValidationException invalid) {
        ConfigurationPropertyName prefix = invalid.getValidationErrors().getName();
        List<String> sentences = new ArrayList<>();
        for (ObjectError error : invalid.getValidationErrors()) {
            sentences.add(
                    prefix + "." + (error instanceof FieldError field ? describe(field) : error.getDefaultMessage()));
        }
        return String.join("\n      ", sentences);
    }

    /** The name within the group, and what is expected. */
    private static String describe(FieldError error) {
        String field = inKebabCase(error.getField());
        if (RULE.equals(error.getCode())) {
            // A rule over one or more settings stands at a method; its sentence begins with the name of a setting
            // beside it.
            return field.substring(0, field.lastIndexOf('.') + 1) + error.getDefaultMessage();
        }
        return "%s is %s; it %s".formatted(field, error.getRejectedValue(), error.getDefaultMessage());
    }

    private static String describe(BindException unbound) {
        @Nullable ConfigurationProperty property = unbound.getProperty();
        @Nullable Object value = property == null ? null : property.getValue();
        if (property != null && unbound.getName().isAncestorOf(property.getName())) {
            // A setter took the type, but not the value, and says why.
            Throwable refusal = NestedExceptionUtils.getMostSpecificCause(unbound);
            return "%s is '%s'; %s".formatted(property.getName(), value, refusal.getMessage());
        }
        String expected = expected(unbound.getTarget().getType());
        Matcher placeholder = PLACEHOLDER.matcher(String.valueOf(value));
        if (placeholder.matches() && unbound.getCause() instanceof ConversionFailedException failed) {
            // Whoever set the other one does not know this one.
            return "%s is '%s'; expected %s".formatted(placeholder.group(1), failed.getValue(), expected);
        }
        return "%s is '%s'; expected %s".formatted(unbound.getName(), value, expected);
    }

    private static String expected(ResolvableType target) {
        Class<?> elements = target.asCollection().resolveGeneric(0);
        Class<?> type = elements == null ? target.resolve(Object.class) : elements;
        Object[] choices = type.getEnumConstants();
        return choices == null
                ? FORMS.getOrDefault(type, "a value of type " + type.getSimpleName())
                : Arrays.stream(choices)
                        .map(choice ->
                                choice.toString().toLowerCase(Locale.ROOT).replace('_', '-'))
                        .collect(Collectors.joining(", ", "one of ", ""));
    }

    /** Names of settings as they are written, {@code decayPerKm} as {@code decay-per-km}, in any text. */
    public static String inKebabCase(String text) {
        return HUMP.matcher(text).replaceAll(capital -> "-" + capital.group().toLowerCase(Locale.ROOT));
    }
}
