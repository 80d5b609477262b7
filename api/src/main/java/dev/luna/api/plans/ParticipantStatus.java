package dev.luna.api.plans;

/** How a person stands to a plan. From each he can get to each other; {@link PlanState} and the organizer's part set limits. */
enum ParticipantStatus {
    INVITED,
    ACCEPTED,
    DECLINED
}
