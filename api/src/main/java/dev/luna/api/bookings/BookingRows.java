package dev.luna.api.bookings;

import dev.luna.api.web.Wire;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.jdbc.core.ResultSetExtractor;

/** Reads bookings with their histories from rows that have one change each, or none. */
final class BookingRows implements ResultSetExtractor<List<Booking>> {

    @Override
    public List<Booking> extractData(ResultSet rows) throws SQLException {
        Map<UUID, Booking> bookings = new LinkedHashMap<>();
        while (rows.next()) {
            UUID id = rows.getObject("id", UUID.class);
            Booking booking = bookings.get(id);
            if (booking == null) {
                booking = new Booking(
                        id,
                        rows.getObject("plan_id", UUID.class),
                        rows.getString("provider"),
                        rows.getString("external_ref"),
                        Wire.stored(BookingStatus.class, rows.getString("status")),
                        rows.getInt("party_size"),
                        rows.getObject("created_at", OffsetDateTime.class).toInstant(),
                        new ArrayList<>());
                bookings.put(id, booking);
            }
            String change = rows.getString("change_status");
            if (change != null) {
                booking.history()
                        .add(new BookingChange(
                                Wire.stored(BookingStatus.class, change),
                                rows.getString("reason"),
                                rows.getObject("changed_at", OffsetDateTime.class)
                                        .toInstant()));
            }
        }
        return List.copyOf(bookings.values());
    }
}
