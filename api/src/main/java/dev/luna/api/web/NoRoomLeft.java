package dev.luna.api.web;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Tells a database that is full from one that does not answer; Spring has one exception for both. */
final class NoRoomLeft {

    private NoRoomLeft() {}

    static boolean isCauseOf(Throwable failure) {
        for (@Nullable Throwable at = failure; at != null; at = at.getCause()) {
            if (at instanceof SQLException sql && isNoRoom(sql.getSQLState())) {
                return true;
            }
        }
        return false;
    }

    /** Class 53 is resources: disk, memory, a configured limit. 53300 is sessions, which come back by themselves. */
    private static boolean isNoRoom(@Nullable String state) {
        return state != null && state.startsWith("53") && !state.equals("53300");
    }
}
