package dev.luna.api.users;

import dev.luna.api.web.ConstraintName;
import dev.luna.api.web.ProblemException;
import dev.luna.api.web.SqlFilter;
import dev.luna.api.web.WriteTransactions;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.dao.CannotAcquireLockException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/** The table {@code users}. */
@Repository
class UserStore {

    /** Names the advisory lock of deletions of users among those of the database. */
    private static final long DELETION_LOCK = 0x4c756e61_44454cL;

    /** Of a deletion that waits for others: it keeps a thread of the server, which reads need. */
    private static final long PATIENCE_SECONDS = 1;

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;

    /** Where deletions by this process wait for each other; at the database's lock they would keep connections meanwhile. */
    private final Lock deletions = new ReentrantLock();

    UserStore(JdbcClient jdbc, @Qualifier(WriteTransactions.NAME) PlatformTransactionManager transactionManager) {
        this.jdbc = jdbc;
        this.transaction = new TransactionTemplate(transactionManager);
    }

    @Transactional(WriteTransactions.NAME)
    public User insert(UserFields fields) {
        try {
            return jdbc.sql("""
                            insert into users (handle, name, age, home_lat, home_lng)
                            values (:handle, :name, :age, :homeLat, :homeLng)
                            returning id, handle, name, age, home_lat, home_lng, created_at
                            """).paramSource(fields).query(UserStore::user).single();
        } catch (DataIntegrityViolationException e) {
            throw explained(e);
        }
    }

    Optional<User> find(UUID id) {
        return jdbc.sql("""
                        select id, handle, name, age, home_lat, home_lng, created_at
                        from users
                        where id = :id
                        """).param("id", id).query(UserStore::user).optional();
    }

    /**
     * Users by id.
     *
     * @param after only users behind this id
     * @param prefix only users whose handle or name begins so, in any case that the database's locale knows
     */
    List<User> list(@Nullable UUID after, @Nullable String prefix, int limit) {
        SqlFilter filter = new SqlFilter().bind("limit", limit);
        if (after != null) {
            filter.and("id > :after").bind("after", after);
        }
        if (prefix != null) {
            filter.and("(lower(handle) like lower(:prefix) or lower(name) like lower(:prefix))")
                    .bind("prefix", likePrefix(prefix));
        }
        return jdbc.sql("""
                        select id, handle, name, age, home_lat, home_lng, created_at
                        from users
                        where %s
                        order by id
                        limit :limit
                        """.formatted(filter.clause()))
                .params(filter.parameters())
                .query(UserStore::user)
                .list();
    }

    /** Changes one user under a row lock, so that two changes of different fields both stay. */
    @Transactional(WriteTransactions.NAME)
    public Optional<User> update(UUID id, UnaryOperator<UserFields> change) {
        Optional<User> current =
                jdbc.sql("""
                        select id, handle, name, age, home_lat, home_lng, created_at
                        from users
                        where id = :id
                        for no key update
                        """).param("id", id).query(UserStore::user).optional();
        if (current.isEmpty()) {
            return current;
        }
        UserFields fields = change.apply(current.get().fields());
        WriteTransactions.waitBriefly(jdbc);
        try {
            return jdbc.sql("""
                            update users
                            set handle = :handle, name = :name, age = :age, home_lat = :homeLat, home_lng = :homeLng
                            where id = :id
                            returning id, handle, name, age, home_lat, home_lng, created_at
                            """)
                    .param("id", id)
                    .param("handle", fields.handle())
                    .param("name", fields.name())
                    .param("age", fields.age())
                    .param("homeLat", fields.homeLat())
                    .param("homeLng", fields.homeLng())
                    .query(UserStore::user)
                    .optional();
        } catch (DataIntegrityViolationException e) {
            throw explained(e);
        }
    }

    /**
     * Deletes a user with his interactions, edges and participations; false when there is none. One at a time: two friends'
     * edges would be locked crosswise.
     *
     * @throws CannotAcquireLockException when others take too long
     */
    boolean delete(UUID id) {
        awaitOtherDeletions(id);
        try {
            // A refusal ends the transaction, and is explained after it.
            return transaction.execute(status -> {
                // The foreign key of plans refuses only when all interactions and edges are deleted.
                long plans = plansBy(id);
                if (plans > 0) {
                    throw organising(id, plans);
                }
                WriteTransactions.waitBriefly(jdbc);
                return jdbc.sql("""
                        with alone as materialized (select pg_advisory_xact_lock(:lock))
                        delete from users using alone where id = :id
                        """)
                                .param("lock", DELETION_LOCK)
                                .param("id", id)
                                .update()
                        == 1;
            });
        } catch (DataIntegrityViolationException e) {
            if (!ConstraintName.of(e).equals("plans_organizer_id_fkey")) {
                throw e;
            }
            throw organising(id, plansBy(id));
        } finally {
            deletions.unlock();
        }
    }

    private long plansBy(UUID id) {
        return jdbc.sql("select count(*) from plans where organizer_id = :id")
                .param("id", id)
                .query(Long.class)
                .single();
    }

    private static ProblemException organising(UUID id, long plans) {
        return ProblemException.conflict(
                "User %s organises %d plan(s), which others rely on; cancel and delete those plans first."
                        .formatted(id, plans));
    }

    private void awaitOtherDeletions(UUID id) {
        try {
            if (deletions.tryLock(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            // The server stops.
            Thread.currentThread().interrupt();
        }
        throw new CannotAcquireLockException(
                "the deletion of user %s waited in vain for other deletions".formatted(id));
    }

    private static RuntimeException explained(DataIntegrityViolationException e) {
        if (ConstraintName.of(e).equals("users_handle_key")) {
            return ProblemException.conflict("Handle already taken");
        }
        return e;
    }

    private static String likePrefix(String prefix) {
        return prefix.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%";
    }

    private static User user(ResultSet row, int rowNumber) throws SQLException {
        return new User(
                row.getObject("id", UUID.class),
                row.getString("handle"),
                row.getString("name"),
                row.getObject("age", Integer.class),
                row.getObject("home_lat", Double.class),
                row.getObject("home_lng", Double.class),
                row.getObject("created_at", OffsetDateTime.class).toInstant());
    }
}
