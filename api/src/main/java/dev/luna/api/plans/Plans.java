package dev.luna.api.plans;

import dev.luna.api.web.InvalidField;
import dev.luna.api.web.ProblemException;
import dev.luna.api.web.Wire;
import dev.luna.api.web.WriteTransactions;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Makes and changes plans. Each change is one transaction under the plan's lock. */
@Service
class Plans {

    /** Far before PostgreSQL's, and four digits of a year are what every client reads. */
    private static final Instant END_OF_TIME = Instant.parse("+10000-01-01T00:00:00Z");

    private final PlanStore store;
    private final Clock clock;

    Plans(PlanStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /** @param companions friends of the organizer who are invited as well; of those who do not exist any more, nobody */
    @Transactional(WriteTransactions.NAME)
    public Plan create(PlanFields fields, Collection<UUID> companions) {
        Instant startTime = asStored(fields.startTime());
        requireFuture(startTime);
        UUID planId = store.insert(fields.organizerId(), fields.venueId(), startTime);
        store.addParticipants(planId, Set.of(fields.organizerId()), ParticipantStatus.ACCEPTED);
        Set<UUID> invited = fields.invited();
        Set<UUID> besides = new LinkedHashSet<>(companions);
        besides.removeAll(invited);
        store.addParticipants(planId, invited, ParticipantStatus.INVITED);
        List<UUID> joining = store.addWhoExists(planId, besides, ParticipantStatus.INVITED);
        int size = 1 + invited.size() + joining.size();
        if (size > PlanStore.MOST_PARTICIPANTS) {
            throw ProblemException.invalidBody(List.of(new InvalidField(
                    "participants",
                    "may be %d with the organizer and the companions of invite_top"
                            .formatted(PlanStore.MOST_PARTICIPANTS),
                    size)));
        }
        return read(planId);
    }

    Plan read(UUID planId) {
        return store.find(planId).orElseThrow(() -> ProblemException.unknown("plan", planId));
    }

    /** Changes venue and start. */
    @Transactional(WriteTransactions.NAME)
    public Plan change(UUID planId, UnaryOperator<PlanChangeFields> change) {
        LockedPlan plan = store.lock(planId);
        plan.require(PlanStep.CHANGE);
        PlanChangeFields fields = change.apply(new PlanChangeFields(plan.venueId(), plan.startTime()));
        Instant startTime = asStored(fields.startTime());
        if (!startTime.equals(plan.startTime())) {
            requireFuture(startTime);
        }
        store.change(planId, new PlanChangeFields(fields.venueId(), startTime));
        return read(planId);
    }

    /** Invites a person, or again one who declined; who is invited or coming stays so. False when he was there already. */
    @Transactional(WriteTransactions.NAME)
    public boolean invite(UUID planId, UUID userId) {
        LockedPlan plan = store.lock(planId);
        plan.require(PlanStep.INVITE);
        ParticipantStatus standing = store.standing(planId, userId).orElse(null);
        if (standing == ParticipantStatus.DECLINED) {
            store.setStanding(planId, userId, ParticipantStatus.INVITED);
        }
        if (standing != null) {
            return false;
        }
        if (store.participantCount(planId) >= PlanStore.MOST_PARTICIPANTS) {
            throw plan.refusal(
                    "it has %d participants, which is the most a plan may have".formatted(PlanStore.MOST_PARTICIPANTS),
                    PlanStep.INVITE);
        }
        store.addParticipants(planId, Set.of(userId), ParticipantStatus.INVITED);
        return true;
    }

    /** Records what a participant answers to the invitation. */
    @Transactional(WriteTransactions.NAME)
    public Plan answer(UUID planId, UUID userId, ParticipantStatus answer) {
        LockedPlan plan = store.lock(planId);
        plan.require(answer == ParticipantStatus.ACCEPTED ? PlanStep.ACCEPT : PlanStep.DECLINE);
        if (answer == ParticipantStatus.DECLINED) {
            requireNotOrganizer(plan, userId, PlanStep.DECLINE);
        }
        if (!store.setStanding(planId, userId, answer)) {
            throw notInPlan(planId, userId);
        }
        return read(planId);
    }

    @Transactional(WriteTransactions.NAME)
    public void leave(UUID planId, UUID userId) {
        LockedPlan plan = store.lock(planId);
        plan.require(PlanStep.LEAVE);
        requireNotOrganizer(plan, userId, PlanStep.LEAVE);
        if (!store.removeParticipant(planId, userId)) {
            throw notInPlan(planId, userId);
        }
    }

    /** PostgreSQL keeps microseconds. Left to round, it would move a start up, even out of the last year allowed. */
    private static Instant asStored(Instant startTime) {
        return startTime.truncatedTo(ChronoUnit.MICROS);
    }

    private void requireFuture(Instant startTime) {
        if (!startTime.isBefore(END_OF_TIME)) {
            throw ProblemException.invalidBody(
                    List.of(new InvalidField("start_time", "must be before " + END_OF_TIME, startTime)));
        }
        Instant now = clock.instant();
        if (!startTime.isAfter(now)) {
            throw ProblemException.invalidBody(
                    List.of(new InvalidField("start_time", "must be in the future; it is now " + now, startTime)));
        }
    }

    private static void requireNotOrganizer(LockedPlan plan, UUID userId, PlanStep step) {
        if (plan.organizerId().equals(userId)) {
            throw plan.refusal(
                    "user %s organises it and cannot %s".formatted(userId, Wire.name(step)),
                    PlanStep.DECLINE,
                    PlanStep.LEAVE);
        }
    }

    private static ProblemException notInPlan(UUID planId, UUID userId) {
        return ProblemException.notFound("User %s is not in plan %s".formatted(userId, planId));
    }
}
