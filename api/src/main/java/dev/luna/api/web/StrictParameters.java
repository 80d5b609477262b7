package dev.luna.api.web;

import java.beans.PropertyEditorSupport;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.WebDataBinder;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.InitBinder;

/**
 * Path and query parameters mean what they say. The framework's own reading takes 0x10 for a number, 1-1-1-1-1 for a UUID
 * and a comma for the end of a list's entry. Empty ones do not come here: see {@link StrictQuery}.
 */
@ControllerAdvice
class StrictParameters {

    private static final Predicate<String> WHOLE_NUMBER =
            Pattern.compile("[+-]?[0-9]{1,19}").asMatchPredicate();
    private static final Predicate<String> NUMBER =
            Pattern.compile("[+-]?[0-9]{1,20}(\\.[0-9]{0,20})?").asMatchPredicate();

    @InitBinder
    void readStrictly(WebDataBinder binder) {
        binder.registerCustomEditor(int.class, new Editor(WHOLE_NUMBER, Integer::valueOf));
        binder.registerCustomEditor(Integer.class, new Editor(WHOLE_NUMBER, Integer::valueOf));
        binder.registerCustomEditor(long.class, new Editor(WHOLE_NUMBER, Long::valueOf));
        binder.registerCustomEditor(Long.class, new Editor(WHOLE_NUMBER, Long::valueOf));
        binder.registerCustomEditor(Double.class, new Editor(NUMBER, Double::valueOf));
        binder.registerCustomEditor(UUID.class, new Editor(TextRules::isUuid, UUID::fromString));
        binder.registerCustomEditor(boolean.class, new Editor(Set.of("true", "false")::contains, Boolean::valueOf));
        binder.registerCustomEditor(String[].class, new WholeValueEditor());
    }

    /** Reads texts of one form. */
    private static final class Editor extends PropertyEditorSupport {

        private final Predicate<String> form;
        private final Function<String, ?> reading;

        Editor(Predicate<String> form, Function<String, ?> reading) {
            this.form = form;
            this.reading = reading;
        }

        @Override
        public void setAsText(@Nullable String text) {
            if (text != null && form.test(text)) {
                setValue(reading.apply(text));
            } else {
                throw new IllegalArgumentException("not in the form that is read");
            }
        }
    }

    /** One entry of a list, commas and all. */
    private static final class WholeValueEditor extends PropertyEditorSupport {

        @Override
        public void setAsText(@Nullable String text) {
            setValue(text == null ? new String[0] : new String[] {text});
        }
    }
}
