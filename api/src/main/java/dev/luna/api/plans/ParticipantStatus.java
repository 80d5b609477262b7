package dev.luna.api.plans;

import java.util.Set;

/** How a person stands to a plan, and from which standings he can get there. */
enum ParticipantStatus {
    INVITED,
    ACCEPTED,
    DECLINED;

    /** Whether the step is possible; to where one already is, always. Who declined can be invited again. */
    boolean canBecome(ParticipantStatus next) {
        return this == next
                || switch (this) {
                    case INVITED -> Set.of(ACCEPTED, DECLINED).contains(next);
                    case ACCEPTED -> next == DECLINED;
                    case DECLINED -> Set.of(ACCEPTED, INVITED).contains(next);
                };
    }
}
