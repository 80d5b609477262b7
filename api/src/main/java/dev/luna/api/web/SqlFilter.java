package dev.luna.api.web;

import java.util.HashMap;
import java.util.Map;

/** The WHERE clause of a list: conditions joined by AND, with their named parameters. Conditions are constants. */
public final class SqlFilter {

    private final StringBuilder clause = new StringBuilder("true");
    private final Map<String, Object> parameters = new HashMap<>();

    /** Adds a condition. */
    public SqlFilter and(String condition) {
        clause.append("\n  and ").append(condition);
        return this;
    }

    /** Binds a named parameter of the statement. */
    public SqlFilter bind(String name, Object value) {
        parameters.put(name, value);
        return this;
    }

    /** The conditions, to stand behind {@code where}. */
    public String clause() {
        return clause.toString();
    }

    /** All named parameters. */
    public Map<String, Object> parameters() {
        return parameters;
    }
}
