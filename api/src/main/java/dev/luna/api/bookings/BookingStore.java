package dev.luna.api.bookings;

import dev.luna.api.web.Wire;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * The tables {@code bookings} and {@code booking_change}. Times are the database's. What lies further ahead than a claim or a
 * rest can last was written before a clock was put back, and counts as over.
 */
@Repository
class BookingStore {

    /** The longest that a claim or a rest may last. */
    private static final Duration LONGEST_CLAIM = Duration.ofMinutes(5);

    private static final String LATEST = "now() + interval '%d s'".formatted(LONGEST_CLAIM.toSeconds());

    /** Of a claim or a rest that is not over. */
    private static final String IS_AHEAD = "between now() and " + LATEST;

    private final JdbcClient jdbc;

    BookingStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** A booking under its row lock. {@code calls}: how often the provider was called for it, a call under way included. */
    record Locked(
            UUID id,
            UUID planId,
            BookingStatus status,
            @Nullable String externalRef,
            boolean isOverdue,
            int calls,
            @Nullable OffsetDateTime claimedUntil) {}

    /** What is to be done for a booking, under a claim that begins with it. */
    record Task(BookingOrder order, BookingClaim claim) {}

    /** Inserts a booking, claimed by the caller. What it asks for is fixed here, whatever becomes of plan, venue and people. */
    BookingClaim insert(UUID planId, String provider, int partySize, Duration claim) {
        BookingClaim taken = jdbc.sql("""
                        insert into bookings (plan_id, provider, party_size, status, attempts, claimed_until,
                                              venue_id, venue_name, venue_lat, venue_lng, start_time, organizer_name)
                        select p.id, :provider, :partySize, 'requested', 1, now() + :claim * interval '1 ms',
                               v.id, v.name, v.lat, v.lng, p.start_time, u.name
                        from plans p
                        join venues v on v.id = p.venue_id
                        join users u on u.id = p.organizer_id
                        where p.id = :planId
                        returning id, claimed_until
                        """)
                .param("planId", planId)
                .param("provider", provider)
                .param("partySize", partySize)
                .param("claim", millis(claim))
                .query(BookingStore::claim)
                .single();
        recordChange(taken.bookingId(), BookingStatus.REQUESTED, "the plan was confirmed");
        return taken;
    }

    Optional<Booking> find(UUID bookingId) {
        return read("b.id = :id", bookingId).stream().findFirst();
    }

    /** The live booking of a plan, or else its last one. */
    Optional<Booking> ofPlan(UUID planId) {
        List<Booking> bookings = read("b.plan_id = :id", planId);
        return bookings.stream()
                .filter(booking -> booking.status().isLive())
                .findFirst()
                .or(() -> bookings.stream().findFirst());
    }

    /** Bookings with their histories, by one statement, so that both are of one moment; the newest booking first. */
    private List<Booking> read(String condition, UUID id) {
        return jdbc.sql("""
                        select b.id, b.plan_id, b.provider, b.external_ref, b.status, b.party_size, b.created_at,
                               c.status as change_status, c.reason, c.changed_at
                        from bookings b
                        left join booking_change c on c.booking_id = b.id
                        where %s
                        order by b.created_at desc, b.id, c.id
                        """.formatted(condition)).param("id", id).query(new BookingRows());
    }

    boolean planExists(UUID planId) {
        return jdbc.sql("select exists (select from plans where id = :id)")
                .param("id", planId)
                .query(Boolean.class)
                .single();
    }

    Optional<UUID> planOf(UUID bookingId) {
        return jdbc.sql("select plan_id from bookings where id = :id")
                .param("id", bookingId)
                .query(UUID.class)
                .optional();
    }

    /** @param giveUpAfter age from which an unanswered booking is overdue; it also is when its plan has begun */
    Locked lock(UUID bookingId, Duration giveUpAfter) {
        return jdbc.sql("""
                        select id, plan_id, status, external_ref,
                               created_at not between now() - :giveUpAfter * interval '1 ms' and %s
                                 or start_time <= now() as is_overdue,
                               calls, claimed_until
                        from bookings
                        where id = :id
                        for update
                        """.formatted(LATEST))
                .param("id", bookingId)
                .param("giveUpAfter", giveUpAfter.toMillis())
                .query((row, n) -> new Locked(
                        bookingId,
                        row.getObject("plan_id", UUID.class),
                        status(row),
                        row.getString("external_ref"),
                        row.getBoolean("is_overdue"),
                        row.getInt("calls"),
                        row.getObject("claimed_until", OffsetDateTime.class)))
                .single();
    }

    /**
     * Moves a locked booking on; who is at work on it keeps his claim, and learns of it when he records. Refuses a step that
     * {@link BookingStatus#next} does not have.
     */
    void move(Locked booking, BookingStatus next, @Nullable String externalRef, String reason) {
        if (!booking.status().next().contains(next)) {
            throw new IllegalStateException(
                    "booking %s is %s and cannot become %s".formatted(booking.id(), booking.status(), next));
        }
        jdbc.sql("""
                        update bookings
                        set status = :status, external_ref = coalesce(external_ref, :externalRef), attempts = 0,
                            next_attempt_at = now()
                        where id = :id
                        """)
                .param("id", booking.id())
                .param("status", Wire.name(next))
                .param("externalRef", externalRef)
                .update();
        recordChange(booking.id(), next, reason);
    }

    /** Keeps the reference of a booking that is to be cancelled: only what has a name can be given back. */
    void keepReference(UUID bookingId, @Nullable String externalRef) {
        jdbc.sql("update bookings set external_ref = coalesce(external_ref, :externalRef) where id = :id")
                .param("id", bookingId)
                .param("externalRef", externalRef)
                .update();
    }

    private void recordChange(UUID bookingId, BookingStatus status, String reason) {
        jdbc.sql("insert into booking_change (booking_id, status, reason) values (:id, :status, :reason)")
                .param("id", bookingId)
                .param("status", Wire.name(status))
                .param("reason", reason)
                .update();
    }

    /** Takes an unsettled booking that nobody works on; empty when there is nothing to take. */
    Optional<BookingClaim> claim(UUID bookingId, String provider, Duration claim) {
        return jdbc.sql("""
                        update bookings
                        set claimed_until = now() + :claim * interval '1 ms', attempts = attempts + 1
                        where id = :id and provider = :provider and status in ('requested', 'cancel_requested')
                          and (claimed_until is null or claimed_until not %s)
                        returning id, claimed_until
                        """.formatted(IS_AHEAD))
                .param("id", bookingId)
                .param("provider", provider)
                .param("claim", millis(claim))
                .query(BookingStore::claim)
                .optional();
    }

    /**
     * What is to be done for a claimed booking, its claim prolonged; empty when it is settled or somebody else has taken
     * over. It counts as a call from here on, so that one whose process dies is not forgotten.
     */
    Optional<Task> nextTask(BookingClaim held, Duration claim) {
        return jdbc.sql("""
                        update bookings
                        set claimed_until = now() + :claim * interval '1 ms', calls = calls + 1
                        where id = :id and claimed_until = :until and status in ('requested', 'cancel_requested')
                        returning id, plan_id, venue_id, venue_name, venue_lat, venue_lng, start_time, party_size,
                                  organizer_name, status, external_ref, claimed_until
                        """)
                .param("id", held.bookingId())
                .param("until", held.until())
                .param("claim", millis(claim))
                .query((row, n) -> new Task(order(row), claim(row, n)))
                .optional();
    }

    private static BookingOrder order(ResultSet row) throws SQLException {
        return new BookingOrder(
                row.getObject("id", UUID.class),
                row.getObject("plan_id", UUID.class),
                row.getObject("venue_id", UUID.class),
                row.getString("venue_name"),
                row.getDouble("venue_lat"),
                row.getDouble("venue_lng"),
                row.getObject("start_time", OffsetDateTime.class).toInstant(),
                row.getInt("party_size"),
                row.getString("organizer_name"),
                status(row),
                row.getString("external_ref"));
    }

    /** Whether somebody is asking the provider for a booking that nobody wants to cancel. */
    boolean isBeingAskedFor(UUID bookingId) {
        return jdbc.sql("""
                        select exists (
                          select from bookings where id = :id and status = 'requested'
                              and claimed_until %s)
                        """.formatted(IS_AHEAD))
                .param("id", bookingId)
                .query(Boolean.class)
                .single();
    }

    /** Gives a claim back that was not used: nobody was asked, and the booking stays due. */
    void giveUpClaim(BookingClaim held) {
        jdbc.sql("""
                        update bookings
                        set claimed_until = null, attempts = 0
                        where id = :bookingId and claimed_until = :until
                        """).paramSource(held).update();
    }

    /**
     * Gives a claim back. The sweep lets the booking rest for 5 s, doubled with each further attempt, up to the longest.
     * There is none to count when the status has changed meanwhile.
     */
    void release(BookingClaim held) {
        jdbc.sql("""
                        update bookings
                        set claimed_until = null,
                            next_attempt_at = now()
                              + least(%d, 5 * power(2, greatest(1, least(attempts, 10)) - 1)) * interval '1 s'
                        where id = :bookingId and claimed_until = :until
                        """.formatted(LONGEST_CLAIM.toSeconds())).paramSource(held).update();
    }

    /** Unsettled bookings whose time has come and which nobody works on, the longest waiting first. */
    List<UUID> due(String provider, int limit) {
        return jdbc.sql("""
                        select id
                        from bookings
                        where provider = :provider and status in ('requested', 'cancel_requested')
                          and next_attempt_at not %s
                          and (claimed_until is null or claimed_until not %s)
                        order by next_attempt_at, id
                        limit :limit
                        """.formatted(IS_AHEAD, IS_AHEAD))
                .param("provider", provider)
                .param("limit", limit)
                .query(UUID.class)
                .list();
    }

    void deleteOf(UUID planId) {
        jdbc.sql("delete from bookings where plan_id = :planId")
                .param("planId", planId)
                .update();
    }

    private static long millis(Duration claim) {
        if (claim.compareTo(LONGEST_CLAIM) > 0) {
            throw new IllegalArgumentException(
                    "a claim of %s on a booking is longer than %s, and would count as over at once"
                            .formatted(BookingProperties.words(claim), BookingProperties.words(LONGEST_CLAIM)));
        }
        return claim.toMillis();
    }

    private static BookingClaim claim(ResultSet row, int rowNumber) throws SQLException {
        return new BookingClaim(row.getObject("id", UUID.class), row.getObject("claimed_until", OffsetDateTime.class));
    }

    private static BookingStatus status(ResultSet row) throws SQLException {
        return Wire.stored(BookingStatus.class, row.getString("status"));
    }
}
