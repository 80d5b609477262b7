package dev.luna.api.friends;

import dev.luna.api.web.SqlFilter;
import dev.luna.api.web.Wire;
import dev.luna.api.web.WriteTransactions;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/** The table {@code user_social_edges}. */
@Repository
class FriendStore {

    private final JdbcClient jdbc;

    FriendStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** What became of a PUT. */
    record Stored(Friend friend, boolean isNew) {}

    boolean userExists(UUID userId) {
        return jdbc.sql("select exists (select from users where id = :id)")
                .param("id", userId)
                .query(Boolean.class)
                .single();
    }

    /** Creates or replaces the edge; xmax is 0 exactly on rows that the statement inserted. */
    @Transactional(WriteTransactions.NAME)
    public Stored put(UUID userId, UUID otherUserId, FriendFields fields) {
        WriteTransactions.waitBriefly(jdbc);
        boolean isNew = jdbc.sql("""
                        insert into user_social_edges (user_id, other_user_id, relationship_type, strength)
                        values (:userId, :otherUserId, :relationshipType, :strength)
                        on conflict (user_id, other_user_id) do update
                        set relationship_type = excluded.relationship_type, strength = excluded.strength
                        returning xmax = 0
                        """)
                .param("userId", userId)
                .param("otherUserId", otherUserId)
                .param("relationshipType", Wire.name(fields.relationshipTypeOrDefault()))
                .param("strength", fields.strengthOrDefault())
                .query(Boolean.class)
                .single();
        // Apart from the insert, which does not see a user whom it had to wait for.
        Friend friend = jdbc.sql("""
                        select e.user_id, e.other_user_id, u.handle, u.name, e.relationship_type, e.strength, e.created_at
                        from user_social_edges e
                        join users u on u.id = e.other_user_id
                        where e.user_id = :userId and e.other_user_id = :otherUserId
                        """)
                .param("userId", userId)
                .param("otherUserId", otherUserId)
                .query(FriendStore::friend)
                .single();
        return new Stored(friend, isNew);
    }

    @Transactional(WriteTransactions.NAME)
    public boolean delete(UUID userId, UUID otherUserId) {
        WriteTransactions.waitBriefly(jdbc);
        return jdbc.sql("""
                                delete from user_social_edges
                                where user_id = :userId and other_user_id = :otherUserId
                                """)
                        .param("userId", userId)
                        .param("otherUserId", otherUserId)
                        .update()
                == 1;
    }

    List<Friend> list(UUID userId, @Nullable UUID after, int limit) {
        SqlFilter filter = new SqlFilter()
                .and("e.user_id = :userId")
                .bind("userId", userId)
                .bind("limit", limit);
        if (after != null) {
            filter.and("e.other_user_id > :after").bind("after", after);
        }
        return jdbc.sql("""
                        select e.user_id, e.other_user_id, u.handle, u.name, e.relationship_type, e.strength, e.created_at
                        from user_social_edges e
                        join users u on u.id = e.other_user_id
                        where %s
                        order by e.other_user_id
                        limit :limit
                        """.formatted(filter.clause()))
                .params(filter.parameters())
                .query(FriendStore::friend)
                .list();
    }

    private static Friend friend(ResultSet row, int rowNumber) throws SQLException {
        return new Friend(
                row.getObject("user_id", UUID.class),
                row.getObject("other_user_id", UUID.class),
                row.getString("handle"),
                row.getString("name"),
                Wire.stored(RelationshipType.class, row.getString("relationship_type")),
                row.getDouble("strength"),
                row.getObject("created_at", OffsetDateTime.class).toInstant());
    }
}
