package dev.luna.batch.drill;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What readers must be told: for each of two states of the data, the exact body for each asked user; and of which state each
 * run's snapshot is. Thread-safe.
 */
final class Answers {

    private final Map<String, String> bodies = new ConcurrentHashMap<>();
    private final Map<Long, Integer> states = new ConcurrentHashMap<>();

    /** From now on this is the right answer about that user in that state. */
    void learn(int state, UUID user, String body) {
        bodies.put(state + "/" + user, body);
    }

    /** This run's snapshot is of that state. */
    void snapshot(long runId, int state) {
        states.put(runId, state);
    }

    /** Whether the body is that run's answer; a run nobody knows of has none. */
    boolean isRight(long runId, UUID user, String body) {
        Integer state = states.get(runId);
        return state != null && body.equals(bodies.get(state + "/" + user));
    }

    /** Users whose answers differ between the states: only they can show a mixture. */
    long differing(List<UUID> users) {
        return users.stream()
                .filter(user -> !String.valueOf(bodies.get("0/" + user)).equals(bodies.get("1/" + user)))
                .count();
    }
}
