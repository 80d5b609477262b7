package dev.luna.api.plans;

import dev.luna.api.web.ProblemException;
import dev.luna.api.web.Wire;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A plan whose row is locked until the transaction ends.
 *
 * @param hasStarted whether its start is past, so that nothing can be booked for it unless it is moved
 */
record LockedPlan(UUID id, UUID organizerId, UUID venueId, Instant startTime, boolean hasStarted, PlanState state) {

    private boolean allows(PlanStep step) {
        return state.allows(step) && !isTooLateFor(step);
    }

    private boolean isTooLateFor(PlanStep step) {
        return step == PlanStep.CONFIRM && state == PlanState.PENDING && hasStarted;
    }

    /** @throws ProblemException 409 that names the state and what it allows */
    void require(PlanStep step) {
        if (isTooLateFor(step)) {
            throw refusal("it started at %s, which is past, so change start_time first".formatted(startTime));
        }
        if (!allows(step)) {
            throw refusal(Wire.name(step) + " is not possible then");
        }
    }

    /**
     * A 409 that names the state and what is possible.
     *
     * @param notNow steps of the state that something else forbids
     */
    ProblemException refusal(String reason, PlanStep... notNow) {
        List<String> possible = Stream.of(PlanStep.values())
                .filter(step -> allows(step) && !List.of(notNow).contains(step))
                .map(Wire::name)
                .toList();
        return ProblemException.conflict(
                "Plan %s is %s; %s. Possible are: %s."
                        .formatted(id, state.description(), reason, String.join(", ", possible)),
                Map.of("state", Wire.name(state), "allowed_steps", possible));
    }
}
