package dev.luna.batch;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.validation.BindValidationException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.validation.FieldError;
import org.springframework.validation.ObjectError;

/** Tells from a failed start which settings were refused and why, so that nobody has to read a stack trace for that. */
public final class InvalidSettings {

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
            if (cause instanceof BindException bind) {
                unbound = bind;
            }
            // Records and the scoring profile check themselves and name the setting.
            String message = cause.getMessage();
            if (cause instanceof IllegalArgumentException && message != null && message.startsWith("luna.")) {
                return Optional.of(message);
            }
        }
        return Optional.ofNullable(unbound).map(InvalidSettings::describe);
    }

    private static String describe(BindValidationException invalid) {
        ConfigurationPropertyName prefix = invalid.getValidationErrors().getName();
        List<String> sentences = new ArrayList<>();
        for (ObjectError error : invalid.getValidationErrors()) {
            boolean isRuleOverSeveral =
                    error instanceof FieldError field && field.getRejectedValue() instanceof Boolean;
            if (error instanceof FieldError field && !isRuleOverSeveral) {
                ConfigurationPropertyName name =
                        ConfigurationPropertyName.adapt(prefix + "." + dashed(field.getField()), '.');
                sentences.add("%s is %s; it %s".formatted(name, field.getRejectedValue(), field.getDefaultMessage()));
            } else {
                sentences.add("%s: %s".formatted(prefix, error.getDefaultMessage()));
            }
        }
        return String.join("\n      ", sentences);
    }

    private static String describe(BindException unbound) {
        @Nullable ConfigurationProperty property = unbound.getProperty();
        return "%s is '%s'; expected a value of type %s"
                .formatted(
                        unbound.getName(),
                        property == null ? null : property.getValue(),
                        unbound.getTarget().getType().resolve(Object.class).getSimpleName());
    }

    private static String dashed(String camelCase) {
        return camelCase.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }
}
