package dev.luna.api.bookings;

import java.util.UUID;

/** The plans that bookings are for. Called inside a transaction. */
public interface BookedPlans {

    /** Locks a plan until the transaction ends; false when it is gone. Always taken before its booking's lock. */
    boolean lock(UUID planId);

    /** The provider holds the plan's booking. */
    void booked(UUID planId);
}
