package dev.luna.batch.sample;

import dev.luna.batch.database.BinaryCopyWriter;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;

/** Copies a city into the tables, on the transaction of a connection. */
final class CityWriter {

    private final City city;
    private final Connection connection;

    CityWriter(City city, Connection connection) {
        this.city = city;
        this.connection = connection;
    }

    void write() throws SQLException {
        writePeople();
        writeVenues();
        writeInteractions();
        writeEdges();
        writePlans();
        writeParticipants();
        writeBookings();
    }

    private void writePeople() throws SQLException {
        try (BinaryCopyWriter row = BinaryCopyWriter.open(
                connection, "users", "id", "handle", "name", "age", "home_lat", "home_lng", "created_at")) {
            for (City.Person person : city.people()) {
                row.startRow();
                row.uuid(person.id());
                row.text(person.handle());
                row.text(person.name());
                row.int4(person.age());
                Place home = person.home();
                if (home == null) {
                    row.nullValue();
                    row.nullValue();
                } else {
                    row.float8(home.lat());
                    row.float8(home.lng());
                }
                row.timestamptz(person.createdAt());
            }
            row.finish();
        }
    }

    private void writeVenues() throws SQLException {
        try (BinaryCopyWriter row = BinaryCopyWriter.open(
                connection,
                "venues",
                "id",
                "name",
                "description",
                "category",
                "lat",
                "lng",
                "price_level",
                "rating",
                "created_at")) {
            for (City.Venue venue : city.venues()) {
                row.startRow();
                row.uuid(venue.id());
                row.text(venue.name());
                row.text(venue.description());
                row.text(venue.kind().category());
                row.float8(venue.place().lat());
                row.float8(venue.place().lng());
                row.int2(venue.priceLevel());
                row.float8(venue.rating());
                row.timestamptz(venue.createdAt());
            }
            row.finish();
        }
    }

    private void writeInteractions() throws SQLException {
        try (BinaryCopyWriter row = BinaryCopyWriter.open(
                connection,
                "user_venue_interactions",
                "id",
                "user_id",
                "venue_id",
                "interaction_type",
                "dwell_time",
                "created_at")) {
            for (City.Interaction interaction : city.interactions()) {
                row.startRow();
                row.uuid(interaction.id());
                row.uuid(person(interaction.person()));
                row.uuid(venue(interaction.venue()));
                row.text(interaction.type());
                Integer seconds = interaction.dwellSeconds();
                if (seconds == null) {
                    row.nullValue();
                } else {
                    row.int4(seconds);
                }
                row.timestamptz(interaction.createdAt());
            }
            row.finish();
        }
    }

    private void writeEdges() throws SQLException {
        try (BinaryCopyWriter row = BinaryCopyWriter.open(
                connection,
                "user_social_edges",
                "id",
                "user_id",
                "other_user_id",
                "relationship_type",
                "strength",
                "created_at")) {
            for (City.Edge edge : city.edges()) {
                row.startRow();
                row.uuid(edge.id());
                row.uuid(person(edge.person()));
                row.uuid(person(edge.other()));
                row.text(edge.type());
                row.float8(edge.strength());
                row.timestamptz(edge.createdAt());
            }
            row.finish();
        }
    }

    private void writePlans() throws SQLException {
        try (BinaryCopyWriter row = BinaryCopyWriter.open(
                connection, "plans", "id", "organizer_id", "venue_id", "start_time", "status", "created_at")) {
            for (City.Plan plan : city.plans()) {
                row.startRow();
                row.uuid(plan.id());
                row.uuid(person(plan.organizer()));
                row.uuid(venue(plan.venue()));
                row.timestamptz(plan.startTime());
                row.text(plan.status());
                row.timestamptz(plan.createdAt());
            }
            row.finish();
        }
    }

    private void writeParticipants() throws SQLException {
        try (BinaryCopyWriter row = BinaryCopyWriter.open(
                connection, "plan_participants", "id", "plan_id", "user_id", "status", "created_at")) {
            for (City.Plan plan : city.plans()) {
                row.startRow();
                row.uuid(derived("organizer-" + plan.id()));
                row.uuid(plan.id());
                row.uuid(person(plan.organizer()));
                row.text("accepted");
                row.timestamptz(plan.createdAt());
                for (City.Participant participant : plan.participants()) {
                    row.startRow();
                    row.uuid(participant.id());
                    row.uuid(plan.id());
                    row.uuid(person(participant.person()));
                    row.text(participant.status());
                    row.timestamptz(plan.createdAt());
                }
            }
            row.finish();
        }
    }

    /** A confirmed plan is a booked one. */
    private void writeBookings() throws SQLException {
        try (BinaryCopyWriter row = BinaryCopyWriter.open(
                connection,
                "bookings",
                "id",
                "plan_id",
                "provider",
                "external_ref",
                "status",
                "created_at",
                "venue_id",
                "venue_name",
                "venue_lat",
                "venue_lng",
                "start_time",
                "organizer_name")) {
            for (City.Plan plan : city.plans()) {
                if (plan.status().equals("confirmed")) {
                    City.Venue venue = city.venues().get(plan.venue());
                    row.startRow();
                    row.uuid(booking(plan));
                    row.uuid(plan.id());
                    row.text("mock");
                    row.text("mock-" + booking(plan));
                    row.text("confirmed");
                    row.timestamptz(plan.createdAt());
                    row.uuid(venue.id());
                    row.text(venue.name());
                    row.float8(venue.place().lat());
                    row.float8(venue.place().lng());
                    row.timestamptz(plan.startTime());
                    row.text(city.people().get(plan.organizer()).name());
                }
            }
            row.finish();
        }
        try (BinaryCopyWriter row =
                BinaryCopyWriter.open(connection, "booking_change", "booking_id", "status", "reason", "changed_at")) {
            for (City.Plan plan : city.plans()) {
                if (plan.status().equals("confirmed")) {
                    row.startRow();
                    row.uuid(booking(plan));
                    row.text("confirmed");
                    row.text("part of the sample city");
                    row.timestamptz(plan.createdAt());
                }
            }
            row.finish();
        }
    }

    private static UUID booking(City.Plan plan) {
        return derived("booking-" + plan.id());
    }

    private static UUID derived(String name) {
        return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
    }

    private UUID person(int index) {
        return city.people().get(index).id();
    }

    private UUID venue(int index) {
        return city.venues().get(index).id();
    }
}
