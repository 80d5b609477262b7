package dev.luna.api.interactions;

import dev.luna.api.web.Wire;
import dev.luna.api.web.WriteTransactions;
import java.time.OffsetDateTime;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/** The table {@code user_venue_interactions}. */
@Repository
class InteractionStore {

    private final JdbcClient jdbc;

    InteractionStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Transactional(WriteTransactions.NAME)
    public Interaction insert(UUID userId, UUID venueId, InteractionType type, @Nullable Integer dwellSeconds) {
        return jdbc.sql("""
                        insert into user_venue_interactions (user_id, venue_id, interaction_type, dwell_time)
                        values (:userId, :venueId, :type, :dwellSeconds)
                        returning id, user_id, venue_id, interaction_type, dwell_time, created_at
                        """)
                .param("userId", userId)
                .param("venueId", venueId)
                .param("type", Wire.name(type))
                .param("dwellSeconds", dwellSeconds)
                .query((row, n) -> new Interaction(
                        row.getObject("id", UUID.class),
                        row.getObject("user_id", UUID.class),
                        row.getObject("venue_id", UUID.class),
                        Wire.stored(InteractionType.class, row.getString("interaction_type")),
                        row.getObject("dwell_time", Integer.class),
                        row.getObject("created_at", OffsetDateTime.class).toInstant()))
                .single();
    }
}
