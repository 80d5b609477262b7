package dev.luna.api.idempotency;

import static org.assertj.core.api.Assertions.assertThat;

import dev.luna.api.web.ServerTest;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** What becomes of keys that are older than a day. */
class KeyPurgeIT extends ServerTest {

    @Autowired
    private KeyStore keys;

    /** One statement would hold all of their rows until the last one is gone. */
    @Test
    void manyOldKeysGoAFewAtATime() {
        jdbc.sql("""
                        insert into idempotency_key (route, key, request_hash, created_at)
                        select 'POST /plans', 'k-' || n, '', now() - n * interval '25 hours'
                        from generate_series(0, 2500) n
                        """).update();
        jdbc.sql("""
                        create function limit_deletion() returns trigger language plpgsql as $$
                        begin
                          if (select count(*) from gone) > 1000 then raise exception 'too many at once'; end if;
                          return null;
                        end $$
                        """).update();
        jdbc.sql("""
                        create trigger limit_deletion after delete on idempotency_key referencing old table as gone
                        for each statement execute function limit_deletion()
                        """).update();
        try {
            assertThat(keys.forgetExpired()).isEqualTo(2500);
        } finally {
            jdbc.sql("drop function limit_deletion cascade").update();
        }
        assertThat(jdbc.sql("select key from idempotency_key")
                        .query(String.class)
                        .list())
                .containsExactly("k-0");
    }
}
