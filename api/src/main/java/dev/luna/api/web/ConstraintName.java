package dev.luna.api.web;

import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;
import org.springframework.dao.DataIntegrityViolationException;

/** Which constraint of the schema refused a write. */
public final class ConstraintName {

    private ConstraintName() {}

    /** The constraint's name, or an empty text when the failure has none. */
    public static String of(DataIntegrityViolationException refusal) {
        if (refusal.getMostSpecificCause() instanceof PSQLException cause) {
            ServerErrorMessage message = cause.getServerErrorMessage();
            if (message != null && message.getConstraint() != null) {
                return message.getConstraint();
            }
        }
        return "";
    }
}
