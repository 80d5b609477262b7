package dev.luna.api.interactions;

import dev.luna.api.web.InvalidField;
import dev.luna.api.web.Wire;
import dev.luna.api.web.WriteTransactions;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
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

    /**
     * Inserts all of them in one statement, so all or none. Two batches share the locks that keep their users and venues from being deleted; one waits for
     * the other where both are of a user, and as users are recorded as changed in the order of their ids, not in a circle.
     * An import has no such order, so that a batch waits briefly.
     *
     * @return how many there are
     * @throws org.springframework.dao.DataIntegrityViolationException if a user or a venue does not exist
     */
    @Transactional(WriteTransactions.NAME)
    public int insert(List<BatchedInteraction> batch) {
        WriteTransactions.waitBriefly(jdbc);
        return jdbc.sql("""
                        insert into user_venue_interactions (user_id, venue_id, interaction_type, dwell_time)
                        select user_id, venue_id, interaction_type, dwell_time
                        from unnest(:userIds::uuid[], :venueIds::uuid[], :types::text[], :dwellSeconds::integer[])
                          with ordinality as item (user_id, venue_id, interaction_type, dwell_time, place)
                        order by user_id, venue_id, place
                        """)
                .param("userIds", userIds(batch))
                .param("venueIds", venueIds(batch))
                .param(
                        "types",
                        batch.stream()
                                .map(item -> Wire.name(item.interactionType()))
                                .toArray(String[]::new))
                .param(
                        "dwellSeconds",
                        batch.stream().map(BatchedInteraction::dwellSeconds).toArray(Integer[]::new))
                .update();
    }

    /** Deletes a user's interactions of a type with a venue, and returns whether there were any. */
    @Transactional(WriteTransactions.NAME)
    public boolean delete(UUID userId, UUID venueId, InteractionType type) {
        WriteTransactions.waitBriefly(jdbc);
        return jdbc.sql("""
                                delete from user_venue_interactions
                                where user_id = :userId and venue_id = :venueId and interaction_type = :type
                                """)
                        .param("userId", userId)
                        .param("venueId", venueId)
                        .param("type", Wire.name(type))
                        .update()
                > 0;
    }

    /** The first users and venues that do not exist, in the order of the batch. */
    List<InvalidField> unknown(List<BatchedInteraction> batch, int most) {
        List<InvalidField> errors = new ArrayList<>();
        jdbc.sql("""
                        select place - 1 as index, u.id is null as no_user, v.id is null as no_venue
                        from unnest(:userIds::uuid[], :venueIds::uuid[])
                          with ordinality as item (user_id, venue_id, place)
                        left join users u on u.id = item.user_id
                        left join venues v on v.id = item.venue_id
                        where u.id is null or v.id is null
                        order by place
                        limit :most
                        """)
                .param("userIds", userIds(batch))
                .param("venueIds", venueIds(batch))
                .param("most", most)
                .query(row -> {
                    int index = row.getInt("index");
                    BatchedInteraction item = batch.get(index);
                    if (row.getBoolean("no_user")) {
                        errors.add(new InvalidField("user_id", "is no user's id", item.userId()).at(index));
                    }
                    if (row.getBoolean("no_venue")) {
                        errors.add(new InvalidField("venue_id", "is no venue's id", item.venueId()).at(index));
                    }
                });
        return errors;
    }

    private static UUID[] userIds(List<BatchedInteraction> batch) {
        return batch.stream().map(BatchedInteraction::userId).toArray(UUID[]::new);
    }

    private static UUID[] venueIds(List<BatchedInteraction> batch) {
        return batch.stream().map(BatchedInteraction::venueId).toArray(UUID[]::new);
    }
}
