package dev.luna.api.plans;

/** What can be asked of a plan that exists. */
enum PlanStep {
    CHANGE,
    INVITE,
    ACCEPT,
    DECLINE,
    LEAVE,
    CONFIRM,
    CANCEL,
    DELETE
}
