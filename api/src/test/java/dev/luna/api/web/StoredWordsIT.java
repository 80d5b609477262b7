package dev.luna.api.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Enums have the words that the check of their column lets in, and no others. */
class StoredWordsIT extends ServerTest {

    @ParameterizedTest
    @CsvSource({
        "dev.luna.api.interactions.InteractionType, user_venue_interactions_interaction_type_check",
        "dev.luna.batch.scoring.InteractionType, user_venue_interactions_interaction_type_check",
        "dev.luna.api.friends.RelationshipType, user_social_edges_relationship_type_check",
        "dev.luna.api.plans.PlanStatus, plans_status_check",
        "dev.luna.api.plans.ParticipantStatus, plan_participants_status_check",
        "dev.luna.api.bookings.BookingStatus, bookings_status_check",
        "dev.luna.batch.run.RunKind, run_kind_check",
        "dev.luna.batch.run.RunState, run_state_check",
        "dev.luna.batch.run.RunPhase, run_phase_check"
    })
    void anEnumHasTheWordsOfItsColumn(Class<? extends Enum<?>> type, String check) {
        assertThat(Arrays.stream(type.getEnumConstants()).map(Wire::name))
                .containsExactlyInAnyOrderElementsOf(
                        jdbc.sql("""
                                select (regexp_matches(pg_get_constraintdef(oid), '''([a-z_]+)''', 'g'))[1]
                                from pg_constraint
                                where conname = :check
                                """).param("check", check).query(String.class).list());
    }
}
