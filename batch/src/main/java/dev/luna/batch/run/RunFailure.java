package dev.luna.batch.run;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Why a run failed: its first error, in words. The log of the process that worked on it has the stack trace.
 *
 * @param where the step, or "partition 3"
 * @param partition number of the partition; null outside scoring
 * @param users users in the chunk that failed; null outside scoring
 * @param firstUserId the first of them in scoring order
 * @param lastUserId the last of them
 * @param causes messages from the outermost cause to the root, without repetitions
 * @param hint what to do about the causes, as a sentence; not whether the run goes on then
 */
public record RunFailure(
        String where,
        @Nullable Integer partition,
        @Nullable Integer users,
        @Nullable UUID firstUserId,
        @Nullable UUID lastUserId,
        List<String> causes,
        String hint) {

    public RunFailure {
        causes = List.copyOf(causes);
    }

    /** A failure that concerns no users in particular. */
    public static RunFailure of(String where, List<String> causes, String hint) {
        return new RunFailure(where, null, null, null, null, causes, hint);
    }

    /** The same failure, for the users whose chunk failed. */
    public RunFailure amongUsers(int users, UUID firstUserId, UUID lastUserId) {
        return new RunFailure(where, partition, users, firstUserId, lastUserId, causes, hint);
    }

    /** Where and why, without a full stop. */
    public String reason() {
        String among = users == null ? "" : " among %d users (%s to %s)".formatted(users, firstUserId, lastUserId);
        return "in %s%s: %s".formatted(where, among, String.join(", caused by ", causes));
    }

    /** Where, why, and what to do. */
    public String sentences() {
        String reason = reason();
        return (reason.endsWith(".") ? reason : reason + ".") + (hint.isEmpty() ? "" : " " + hint);
    }
}
