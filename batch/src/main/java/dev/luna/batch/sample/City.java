package dev.luna.batch.sample;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A generated city: one list per table. People and venues are referred to by their place in their lists. */
record City(
        List<Person> people, List<Venue> venues, List<Interaction> interactions, List<Edge> edges, List<Plan> plans) {

    City {
        people = List.copyOf(people);
        venues = List.copyOf(venues);
        interactions = List.copyOf(interactions);
        edges = List.copyOf(edges);
        plans = List.copyOf(plans);
    }

    /**
     * A user.
     *
     * @param home null for the few who do not tell
     */
    record Person(
            UUID id,
            String handle,
            String name,
            int age,
            @Nullable Place home,
            Instant createdAt) {}

    /** A venue. */
    record Venue(
            UUID id,
            String name,
            String description,
            VenueKind kind,
            Place place,
            int priceLevel,
            double rating,
            Instant createdAt) {}

    /**
     * What a person did with a venue.
     *
     * @param dwellSeconds null for interests and likes
     */
    record Interaction(
            UUID id,
            int person,
            int venue,
            String type,
            @Nullable Integer dwellSeconds,
            Instant createdAt) {}

    /** A social edge, one direction of it. */
    record Edge(UUID id, int person, int other, String type, double strength, Instant createdAt) {}

    /** A plan with those invited to it. */
    record Plan(
            UUID id,
            int organizer,
            int venue,
            Instant startTime,
            String status,
            List<Participant> participants,
            Instant createdAt) {

        Plan {
            participants = List.copyOf(participants);
        }
    }

    /** Somebody invited to a plan. */
    record Participant(UUID id, int person, String status) {}
}
