package dev.luna.api.web;

import dev.luna.batch.database.Causes;
import java.sql.SQLException;
import java.util.function.Predicate;

/** Tells by the database's error code what Spring's exceptions do not tell apart. */
final class DatabaseFailure {

    private DatabaseFailure() {}

    /** Class 53 is resources: disk, memory, a configured limit. 53300 is sessions, which come back by themselves. */
    static boolean isNoRoom(Throwable failure) {
        return isCausedBy(failure, state -> state.startsWith("53") && !state.equals("53300"));
    }

    /** A standby, or a database that was told to take nothing. */
    static boolean isReadOnly(Throwable failure) {
        return isCausedBy(failure, "25006"::equals);
    }

    /** A lock that was not to be had within {@link WriteTransactions}' patience. */
    static boolean isLockTimeout(Throwable failure) {
        return isCausedBy(failure, "55P03"::equals);
    }

    private static boolean isCausedBy(Throwable failure, Predicate<String> code) {
        return Causes.of(failure)
                .anyMatch(cause ->
                        cause instanceof SQLException sql && sql.getSQLState() != null && code.test(sql.getSQLState()));
    }
}
