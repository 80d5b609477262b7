package dev.luna.batch.run;

import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * A town made by SQL, the same on every PostgreSQL: people around a centre, some of them far away or without a home,
 * venues of a few categories (some at the very same place), interactions and friendships by hash.
 */
public final class SmallWorld {

    private SmallWorld() {}

    /** Fills the empty tables. Ids are {@code md5('user' || i)} and {@code md5('venue' || i)}. */
    public static void create(JdbcClient jdbc, int users, int venues) {
        jdbc.sql("""
                        create or replace function test_draw(key text, below integer) returns integer
                        language sql immutable as $$
                          select ('x' || substr(md5(key), 1, 7))::bit(28)::integer % below
                        $$
                        """).update();
        jdbc.sql("""
                        insert into users (id, handle, name, home_lat, home_lng)
                        select md5('user' || i)::uuid, 'user' || i, 'User ' || i,
                               case when i % 17 <> 0 then 48 + test_draw('lat' || i, 2000) / 10000.0 * (1 + i % 3 * 40) end,
                               case when i % 17 <> 0 then 11 + test_draw('lng' || i, 3000) / 10000.0 * (1 + i % 5 * 40) end
                        from generate_series(1, :users) i
                        """).param("users", users).update();
        jdbc.sql("""
                        insert into venues (id, name, category, lat, lng)
                        select md5('venue' || i)::uuid, 'Venue ' || i,
                               case when i % 11 <> 0 then 'category ' || i % 6 end,
                               48 + test_draw('at' || i / 2, 2500) / 10000.0,
                               11 + test_draw('by' || i / 2, 3500) / 10000.0
                        from generate_series(1, :venues) i
                        """).param("venues", venues).update();
        jdbc.sql("""
                        insert into user_venue_interactions (id, user_id, venue_id, interaction_type, dwell_time)
                        select md5('interaction' || u || ' ' || n)::uuid, md5('user' || u)::uuid,
                               md5('venue' || 1 + test_draw('visits' || u || ' ' || n / 2, :venues))::uuid,
                               (array['view', 'interest', 'like'])[1 + test_draw('how' || u || ' ' || n, 3)],
                               case when n % 3 <> 0 then test_draw('long' || u || ' ' || n, 200) end
                        from generate_series(1, :users) u cross join lateral generate_series(1, u % 13) n
                        """).param("users", users).param("venues", venues).update();
        jdbc.sql("""
                        insert into user_social_edges (id, user_id, other_user_id, relationship_type, strength)
                        select md5('edge' || u || ' ' || f)::uuid, md5('user' || u)::uuid, md5('user' || f)::uuid, 'friend',
                               test_draw('bond' || u || ' ' || f, 10) / 10.0
                        from (select distinct u, 1 + test_draw('knows' || u || ' ' || n, :users) as f
                              from generate_series(1, :users) u cross join lateral generate_series(1, u % 9 * 4) n) pair
                        where u <> f
                        """).param("users", users).update();
    }
}
