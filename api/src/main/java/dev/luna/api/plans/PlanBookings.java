package dev.luna.api.plans;

import dev.luna.api.bookings.BookedPlans;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** What becomes of a plan as its booking settles. */
@Component
class PlanBookings implements BookedPlans {

    private final PlanStore store;

    PlanBookings(PlanStore store) {
        this.store = store;
    }

    @Override
    public boolean lock(UUID planId) {
        return store.lockIfThere(planId).isPresent();
    }

    @Override
    public void booked(UUID planId) {
        store.setStatus(planId, PlanStatus.CONFIRMED);
    }
}
