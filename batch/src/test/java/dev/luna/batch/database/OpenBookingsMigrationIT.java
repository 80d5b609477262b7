package dev.luna.batch.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;

/** Bookings that are under way while the schema moves on. */
class OpenBookingsMigrationIT {

    private static final TestDatabase DATABASE = TestDatabase.empty();

    @Test
    void theirOrderIsWhatStandsInTheTablesAndTheyCountAsAsked() {
        Flyway.configure().dataSource(DATABASE.dataSource()).target("19").load().migrate();
        DATABASE.jdbc().sql("""
                        with person as (
                          insert into users (handle, name) values ('ada', 'Ada') returning id
                        ), place as (
                          insert into venues (name, lat, lng) values ('Bar', 1.5, 2.5) returning id
                        ), evening as (
                          insert into plans (organizer_id, venue_id, start_time)
                          select person.id, place.id, '2099-01-31 19:00Z' from person, place
                          returning id
                        )
                        insert into bookings (plan_id, provider, status, attempts)
                        select id, 'http', status, 1 from evening, unnest(array['requested', 'declined']) status
                        """).update();

        Flyway.configure().dataSource(DATABASE.dataSource()).load().migrate();

        List<Map<String, Object>> bookings = DATABASE.jdbc().sql("""
                        select b.status, b.venue_id = v.id as is_venue, b.venue_name, b.venue_lat, b.venue_lng,
                               b.start_time = '2099-01-31 19:00Z' as is_start, b.organizer_name, b.calls
                        from bookings b, venues v
                        order by b.status
                        """).query().listOfRows();
        assertThat(bookings).extracting(row -> row.get("status")).containsExactly("declined", "requested");
        for (Map<String, Object> booking : bookings) {
            assertThat(booking)
                    .containsEntry("is_venue", true)
                    .containsEntry("venue_name", "Bar")
                    .containsEntry("venue_lat", 1.5)
                    .containsEntry("venue_lng", 2.5)
                    .containsEntry("is_start", true)
                    .containsEntry("organizer_name", "Ada")
                    .containsEntry("calls", 1);
        }
    }
}
