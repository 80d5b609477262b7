package dev.luna.api.plans;

import dev.luna.api.bookings.BookingSummary;
import java.util.UUID;

/** What came of confirming a plan. */
record Confirmation(UUID planId, PlanStatus status, BookingSummary booking) {}
