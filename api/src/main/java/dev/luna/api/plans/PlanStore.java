package dev.luna.api.plans;

import dev.luna.api.bookings.BookingStatus;
import dev.luna.api.web.ConstraintName;
import dev.luna.api.web.ProblemException;
import dev.luna.api.web.SqlFilter;
import dev.luna.api.web.Wire;
import dev.luna.api.web.WriteTransactions;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The tables {@code plans} and {@code plan_participants}. Changes are made under the lock of {@link #lock}. */
@Repository
class PlanStore {

    /** People of one plan, the organizer included: no more than venues are ranked for together. */
    static final int MOST_PARTICIPANTS = 50;

    /** Of the one booking that a plan may have beside those that have ended. */
    private static final String[] LIVE = Stream.of(BookingStatus.values())
            .filter(BookingStatus::isLive)
            .map(Wire::name)
            .toArray(String[]::new);

    private final JdbcClient jdbc;
    private final Clock clock;

    PlanStore(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** Where a page of a user's plans ends. */
    record Position(Instant startTime, UUID id) {}

    UUID insert(UUID organizerId, UUID venueId, Instant startTime) {
        // An import may come to want one of the plan's people while another keeps this waiting.
        WriteTransactions.waitBriefly(jdbc);
        try {
            return jdbc.sql("""
                            insert into plans (organizer_id, venue_id, start_time)
                            values (:organizerId, :venueId, :startTime)
                            returning id
                            """)
                    .param("organizerId", organizerId)
                    .param("venueId", venueId)
                    .param("startTime", timestamp(startTime))
                    .query(UUID.class)
                    .single();
        } catch (DataIntegrityViolationException e) {
            throw explained(e, organizerId, venueId);
        }
    }

    /** Adds people who are not in the plan yet. 404 when one of them does not exist. */
    void addParticipants(UUID planId, Set<UUID> userIds, ParticipantStatus status) {
        List<UUID> added = addWhoExists(planId, userIds, status);
        userIds.stream().filter(id -> !added.contains(id)).findFirst().ifPresent(id -> {
            throw ProblemException.unknown("user", id);
        });
    }

    /** The same, leaving out those who do not exist. */
    List<UUID> addWhoExists(UUID planId, Set<UUID> userIds, ParticipantStatus status) {
        // Locked, so that nobody is deleted between being found and being added.
        return jdbc.sql("""
                        insert into plan_participants (plan_id, user_id, status)
                        select :planId, id, :status from users where id = any(:userIds) for key share
                        returning user_id
                        """)
                .param("planId", planId)
                .param("status", Wire.name(status))
                .param("userIds", userIds.toArray(UUID[]::new))
                .query(UUID.class)
                .list();
    }

    Optional<Plan> find(UUID planId) {
        SqlFilter filter = new SqlFilter().and("p.id = :id").bind("id", planId).bind("limit", 1);
        return list(filter).stream().findFirst();
    }

    /** A user's plans, the latest start first. */
    List<Plan> list(UUID userId, @Nullable PlanStatus status, @Nullable Position after, int limit) {
        SqlFilter filter = new SqlFilter()
                .and("exists (select from plan_participants pp where pp.plan_id = p.id and pp.user_id = :userId)")
                .bind("userId", userId)
                .bind("limit", limit);
        if (status != null) {
            filter.and("p.status = :status").bind("status", Wire.name(status));
        }
        if (after != null) {
            filter.and("(p.start_time < :afterStart or p.start_time = :afterStart and p.id > :afterId)")
                    .bind("afterStart", timestamp(after.startTime()))
                    .bind("afterId", after.id());
        }
        return list(filter);
    }

    /** Plans and who is in them, by one statement and so of one moment. */
    private List<Plan> list(SqlFilter filter) {
        Map<UUID, Plan> plans = new LinkedHashMap<>();
        filter.bind("live", LIVE);
        jdbc.sql("""
                        with page as (
                          select p.id, p.organizer_id, p.venue_id, p.start_time, p.status, p.created_at,
                                 (select b.status from bookings b where b.plan_id = p.id and b.status = any(:live))
                                   as live_booking
                          from plans p
                          where %s
                          order by p.start_time desc, p.id
                          limit :limit
                        )
                        select p.id, p.organizer_id, p.venue_id, p.start_time, p.status, p.live_booking, p.created_at,
                               pp.user_id, u.handle, u.name, pp.status as standing
                        from page p
                        left join plan_participants pp on pp.plan_id = p.id
                        left join users u on u.id = pp.user_id
                        order by p.start_time desc, p.id, pp.user_id = p.organizer_id desc, pp.created_at, pp.user_id
                        """.formatted(filter.clause())).params(filter.parameters()).query(row -> {
            Plan next = planWithoutParticipants(row);
            Plan plan = plans.computeIfAbsent(next.id(), id -> next);
            UUID userId = row.getObject("user_id", UUID.class);
            if (userId != null) {
                plan.participants()
                        .add(new Participant(
                                userId,
                                row.getString("handle"),
                                row.getString("name"),
                                Wire.stored(ParticipantStatus.class, row.getString("standing"))));
            }
        });
        return List.copyOf(plans.values());
    }

    boolean userExists(UUID userId) {
        return jdbc.sql("select exists (select from users where id = :id)")
                .param("id", userId)
                .query(Boolean.class)
                .single();
    }

    /** Locks a plan: whoever changes it or its bookings does so one after another. 404 when there is none. */
    LockedPlan lock(UUID planId) {
        return lockIfThere(planId).orElseThrow(() -> ProblemException.unknown("plan", planId));
    }

    Optional<LockedPlan> lockIfThere(UUID planId) {
        boolean isThere = jdbc.sql("select 1 from plans where id = :id for update")
                .param("id", planId)
                .query(Integer.class)
                .optional()
                .isPresent();
        // A statement of its own: the booking is read after the lock is held, so that it is the one its last holder
        // left.
        Optional<Plan> plan = isThere ? find(planId) : Optional.empty();
        return plan.map(row -> new LockedPlan(
                planId,
                row.organizerId(),
                row.venueId(),
                row.startTime(),
                !row.startTime().isAfter(clock.instant()),
                row.state()));
    }

    void change(UUID planId, PlanChangeFields fields) {
        try {
            jdbc.sql("update plans set venue_id = :venueId, start_time = :startTime where id = :id")
                    .param("id", planId)
                    .param("venueId", fields.venueId())
                    .param("startTime", timestamp(fields.startTime()))
                    .update();
        } catch (DataIntegrityViolationException e) {
            throw explained(e, null, fields.venueId());
        }
    }

    void setStatus(UUID planId, PlanStatus status) {
        jdbc.sql("update plans set status = :status where id = :id")
                .param("id", planId)
                .param("status", Wire.name(status))
                .update();
    }

    Optional<ParticipantStatus> standing(UUID planId, UUID userId) {
        return jdbc.sql("select status from plan_participants where plan_id = :planId and user_id = :userId")
                .param("planId", planId)
                .param("userId", userId)
                .query((row, n) -> Wire.stored(ParticipantStatus.class, row.getString("status")))
                .optional();
    }

    /** False when he is not in the plan. */
    boolean setStanding(UUID planId, UUID userId, ParticipantStatus status) {
        return jdbc.sql("update plan_participants set status = :status where plan_id = :planId and user_id = :userId")
                        .param("planId", planId)
                        .param("userId", userId)
                        .param("status", Wire.name(status))
                        .update()
                == 1;
    }

    /** Takes a participant out; false when he was not in it. */
    boolean removeParticipant(UUID planId, UUID userId) {
        return jdbc.sql("delete from plan_participants where plan_id = :planId and user_id = :userId")
                        .param("planId", planId)
                        .param("userId", userId)
                        .update()
                == 1;
    }

    /** How many have not declined. */
    int partySize(UUID planId) {
        return jdbc.sql("select count(*) from plan_participants where plan_id = :id and status <> 'declined'")
                .param("id", planId)
                .query(Integer.class)
                .single();
    }

    int participantCount(UUID planId) {
        return jdbc.sql("select count(*) from plan_participants where plan_id = :id")
                .param("id", planId)
                .query(Integer.class)
                .single();
    }

    void delete(UUID planId) {
        jdbc.sql("delete from plans where id = :id").param("id", planId).update();
    }

    private static RuntimeException explained(
            DataIntegrityViolationException e, @Nullable UUID organizerId, UUID venueId) {
        return switch (ConstraintName.of(e)) {
            case "plans_organizer_id_fkey" -> ProblemException.unknown("user", Objects.requireNonNull(organizerId));
            case "plans_venue_id_fkey" -> ProblemException.unknown("venue", venueId);
            default -> e;
        };
    }

    private static Plan planWithoutParticipants(ResultSet row) throws SQLException {
        PlanStatus status = Wire.stored(PlanStatus.class, row.getString("status"));
        String booking = row.getString("live_booking");
        return new Plan(
                row.getObject("id", UUID.class),
                row.getObject("organizer_id", UUID.class),
                row.getObject("venue_id", UUID.class),
                row.getObject("start_time", OffsetDateTime.class).toInstant(),
                status,
                PlanState.of(status, booking == null ? null : Wire.stored(BookingStatus.class, booking)),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                new ArrayList<>());
    }

    private static OffsetDateTime timestamp(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
