package dev.luna.api.plans;

/** What is stored of a plan's state; whether a booking is under way as well stands in {@link PlanState}. */
enum PlanStatus {
    PENDING,
    CONFIRMED,
    CANCELLED
}
