package dev.luna.api.web;

import com.fasterxml.jackson.annotation.Nulls;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.UUID;
import java.util.function.Function;
import org.springframework.boot.jackson.autoconfigure.JsonMapperBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.EnumNamingStrategies;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.deser.ValueDeserializerModifier;
import tools.jackson.databind.deser.std.StdScalarDeserializer;
import tools.jackson.databind.module.SimpleModule;

/**
 * Request bodies mean what they say: unknown or doubled fields, 2.7 for a whole number, a number for a text, an epoch
 * number for a time, null in a list and texts that PostgreSQL cannot store are refused rather than bent.
 */
@Configuration(proxyBeanMethods = false)
class StrictJson {

    @Bean
    JsonMapperBuilderCustomizer strictReading() {
        SimpleModule module = new SimpleModule("strict")
                .addDeserializer(String.class, new Strict<>(String.class, StrictJson::storable))
                .addDeserializer(UUID.class, new Strict<>(UUID.class, StrictJson::uuid))
                .addDeserializer(Instant.class, new Strict<>(Instant.class, StrictJson::time))
                .setDeserializerModifier(new ValueDeserializerModifier() {
                    /** The library's own passes over blanks around a word. */
                    @Override
                    public ValueDeserializer<?> modifyEnumDeserializer(
                            DeserializationConfig config,
                            JavaType type,
                            BeanDescription.Supplier description,
                            ValueDeserializer<?> lenient) {
                        return word(type.getRawClass());
                    }
                });
        return builder -> builder.enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                // A text of blanks, and even of NUL, would be a number's null.
                .withCoercionConfigDefaults(coercions -> coercions.setAcceptBlankAsEmpty(false))
                .enumNamingStrategy(EnumNamingStrategies.SNAKE_CASE)
                // The first null ends the reading: a rule for the elements would be checked, and its errors kept, for
                // all.
                .changeDefaultNullHandling(nulls -> nulls.withContentNulls(Nulls.FAIL))
                .addModule(module);
    }

    private static <T> Strict<T> word(Class<T> type) {
        return new Strict<>(
                type,
                text -> Arrays.stream(type.getEnumConstants())
                        .filter(constant -> Wire.name((Enum<?>) constant).equals(text))
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException("none of " + Wire.names(type))));
    }

    private static String storable(String text) {
        if (!TextRules.isStorable(text)) {
            throw new IllegalArgumentException("NUL or broken surrogate pair");
        }
        return text;
    }

    private static UUID uuid(String text) {
        if (!TextRules.isUuid(text)) {
            throw new IllegalArgumentException("not a UUID");
        }
        return UUID.fromString(text);
    }

    private static Instant time(String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("not a time with offset", e);
        }
    }

    /** What is written as a text, and as no other. */
    private static final class Strict<T> extends StdScalarDeserializer<T> {

        private final Function<String, T> reading;

        /** @param reading throws an IllegalArgumentException for a text that is not one */
        Strict(Class<T> type, Function<String, T> reading) {
            super(type);
            this.reading = reading;
        }

        @Override
        @SuppressWarnings("unchecked") // the context returns what is of the type it is given
        public T deserialize(JsonParser parser, DeserializationContext context) {
            if (!parser.hasToken(JsonToken.VALUE_STRING)) {
                return (T) context.handleUnexpectedToken(_valueClass, parser);
            }
            String text = parser.getString();
            try {
                return reading.apply(text);
            } catch (IllegalArgumentException e) {
                return (T) context.handleWeirdStringValue(_valueClass, text, String.valueOf(e.getMessage()));
            }
        }
    }
}
