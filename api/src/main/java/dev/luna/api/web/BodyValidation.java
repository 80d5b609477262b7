package dev.luna.api.web;

import jakarta.validation.Validator;
import java.util.List;
import org.springframework.stereotype.Component;

/** Checks values of bodies that are not read by Spring, by the same annotations. Thread-safe. */
@Component
public final class BodyValidation {

    private final Validator validator;

    BodyValidation(Validator validator) {
        this.validator = validator;
    }

    /** What the value's fields break, in the order of their names; empty when all is well. */
    public <T> List<InvalidField> errors(T value) {
        return validator.validate(value).stream()
                .map(violation -> new InvalidField(
                        SnakeCase.of(violation.getPropertyPath().toString()),
                        violation.getMessage(),
                        violation.getInvalidValue()))
                .sorted(InvalidField.ORDER)
                .toList();
    }
}
