package dev.luna.api.idempotency;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The table {@code idempotency_key}. */
@Repository
class KeyStore {

    private static final Duration LONGEST_CLAIM = Duration.ofMinutes(5);

    /** A statement holds the rows that it deletes until its end, and what it does is lost with it. */
    private static final int FORGOTTEN_AT_ONCE = 1000;

    private final JdbcClient jdbc;

    KeyStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * A request that carried a key; {@code answer} is null while it is being worked on, and {@code claimedSeconds} is 0 when
     * nobody does any more. A claim that is longer than one may be was made before a clock was put back.
     */
    record Known(
            byte[] requestHash,
            int claimedSeconds,
            @Nullable StoredAnswer answer) {}

    /** An answer as it is given again. */
    record StoredAnswer(int status, @Nullable String location, String body) {}

    /** Locks a key until the transaction ends, without waiting; false when another request holds it. */
    boolean tryLock(Scope scope) {
        return jdbc.sql("select pg_try_advisory_xact_lock(hashtextextended(:route || ' ' || :key, 0))")
                .paramSource(scope)
                .query(Boolean.class)
                .single();
    }

    Optional<Known> find(Scope scope) {
        return jdbc.sql("""
                        select request_hash, status, location, body,
                               case when claimed_until between now() and now() + interval '%d s'
                                 then ceil(extract(epoch from claimed_until - now())) else 0 end as claimed_seconds
                        from idempotency_key
                        where route = :route and key = :key and created_at > now() - interval '24 hours'
                        """.formatted(LONGEST_CLAIM.toSeconds()))
                .paramSource(scope)
                .query(KeyStore::known)
                .optional();
    }

    /**
     * Claims a key whose request takes more than one transaction.
     *
     * @return when the claim lapses, which tells it from a later one
     */
    OffsetDateTime claim(Scope scope, byte[] requestHash, Duration claim) {
        if (claim.compareTo(LONGEST_CLAIM) > 0) {
            throw new IllegalArgumentException(
                    "a claim of %s on a key is longer than %s, and would count as over at once"
                            .formatted(claim, LONGEST_CLAIM));
        }
        return jdbc.sql("""
                        insert into idempotency_key (route, key, request_hash, claimed_until)
                        values (:route, :key, :requestHash, now() + :claim * interval '1 ms')
                        on conflict (route, key) do update
                        set request_hash = excluded.request_hash, claimed_until = excluded.claimed_until,
                            created_at = now(), status = null, location = null, body = null
                        returning claimed_until
                        """)
                .param("route", scope.route())
                .param("key", scope.key())
                .param("requestHash", requestHash)
                .param("claim", claim.toMillis())
                .query(OffsetDateTime.class)
                .single();
    }

    /**
     * Gives a claim back without an answer: the request had no effect that would have to be told again. A key that somebody
     * else has taken up since stays his.
     */
    void release(Scope scope, @Nullable OffsetDateTime claimedUntil) {
        jdbc.sql("""
                        delete from idempotency_key
                        where route = :route and key = :key and status is null and claimed_until = :claimedUntil
                        """)
                .param("route", scope.route())
                .param("key", scope.key())
                .param("claimedUntil", claimedUntil)
                .update();
    }

    void store(Scope scope, byte[] requestHash, StoredAnswer answer) {
        jdbc.sql("""
                        insert into idempotency_key (route, key, request_hash, status, location, body)
                        values (:route, :key, :requestHash, :status, :location, :body)
                        on conflict (route, key) do update
                        set request_hash = excluded.request_hash, claimed_until = null, created_at = now(),
                            status = excluded.status, location = excluded.location, body = excluded.body
                        """)
                .param("route", scope.route())
                .param("key", scope.key())
                .param("requestHash", requestHash)
                .param("status", answer.status())
                .param("location", answer.location())
                .param("body", answer.body())
                .update();
    }

    int forgetExpired() {
        int forgotten = 0;
        int last;
        do {
            // Whose row is locked is being used anew.
            last = jdbc.sql("""
                            with expired as (
                              select route, key from idempotency_key
                              where created_at <= now() - interval '24 hours'
                              order by created_at, route, key limit :most
                              for update skip locked)
                            delete from idempotency_key k using expired e where (k.route, k.key) = (e.route, e.key)
                            """).param("most", FORGOTTEN_AT_ONCE).update();
            forgotten += last;
        } while (last == FORGOTTEN_AT_ONCE);
        return forgotten;
    }

    private static Known known(ResultSet row, int rowNumber) throws SQLException {
        String body = row.getString("body");
        return new Known(
                row.getBytes("request_hash"),
                row.getInt("claimed_seconds"),
                body == null ? null : new StoredAnswer(row.getInt("status"), row.getString("location"), body));
    }
}
