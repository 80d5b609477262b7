/**
 * Plans: who goes where and when. What a plan and its participants allow in which state stands in {@link
 * dev.luna.api.plans.PlanState} and {@link dev.luna.api.plans.ParticipantStatus}; booking is done by {@code bookings}.
 */
@NullMarked
package dev.luna.api.plans;

import org.jspecify.annotations.NullMarked;
