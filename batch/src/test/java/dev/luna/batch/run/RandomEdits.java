package dev.luna.batch.run;

import java.util.Random;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Edits of a {@link SmallWorld} such as an hour brings, of every kind, the same for the same seed. */
final class RandomEdits {

    private static final int KINDS_OF_PEOPLE = 9;

    private final JdbcClient jdbc;
    private final Random random;
    private final int users;
    private final int venues;
    private int added;

    RandomEdits(JdbcClient jdbc, long seed, int users, int venues) {
        this.jdbc = jdbc;
        this.random = new Random(seed);
        this.users = users;
        this.venues = venues;
    }

    /** Makes so many edits, each of a kind that is drawn. */
    void make(int count) {
        for (int i = 0; i < count; i++) {
            edit(random.nextInt(15));
        }
    }

    /** As {@link #make}, of kinds that leave all venues as they are. */
    void makeOfPeople(int count) {
        for (int i = 0; i < count; i++) {
            int kind = random.nextInt(KINDS_OF_PEOPLE + 2);
            edit(kind < KINDS_OF_PEOPLE ? kind : 13 + kind - KINDS_OF_PEOPLE);
        }
    }

    private void edit(int kind) {
        switch (kind) {
            case 0, 1 -> run("""
                        insert into user_venue_interactions (user_id, venue_id, interaction_type, dwell_time)
                        select u.id, v.id, '%s', %d from users u, venues v where u.id = %s and v.id = %s
                        """, random.nextBoolean() ? "like" : "view", random.nextInt(400), user(), venue());
            case 2 -> run("delete from user_venue_interactions where user_id = %s", user());
            case 3 -> run("update user_venue_interactions set dwell_time = 250 where venue_id = %s", venue());
            case 4 ->
                run("update users set home_lat = %s, home_lng = %s where id = %s", latitude(), longitude(), user());
            case 5 -> run("update users set home_lat = null, home_lng = null where id = %s", user());
            case 6 -> run("""
                        insert into user_social_edges (user_id, other_user_id, relationship_type, strength)
                        select a.id, b.id, 'friend', %s from users a, users b where a.id = %s and b.id = %s and a.id <> b.id
                        on conflict do nothing
                        """, random.nextDouble(), user(), user());
            case 7 -> run("delete from user_social_edges where user_id = %s", user());
            case 8 -> run("update user_social_edges set strength = %s where user_id = %s", random.nextDouble(), user());
            case 9 -> run("""
                        insert into venues (id, name, category, lat, lng)
                        values (md5('new venue' || %d || %d)::uuid, 'New', 'category %d', %s, %s)
                        """, random.nextInt(), added++, random.nextInt(6), latitude(), longitude());
            case 10 -> run("update venues set lat = %s, lng = %s where id = %s", latitude(), longitude(), venue());
            case 11 -> run("update venues set category = 'category %d' where id = %s", random.nextInt(7), venue());
            case 12 -> run("delete from venues where id = %s", venue());
            case 13 -> {
                String id = "md5('new user' || %d || %d)::uuid".formatted(random.nextInt(), added++);
                run("""
                        insert into users (id, handle, name, home_lat, home_lng) values (%s, 'new%d', 'New', %s, %s)
                        """, id, added, latitude(), longitude());
                run("""
                        insert into user_social_edges (user_id, other_user_id, relationship_type, strength)
                        select u.id, f.id, 'friend', 0.5 from users u, users f
                        where %s in (u.id, f.id) and %s in (u.id, f.id) and u.id <> f.id
                        """, id, user());
            }
            default -> run("delete from users where id = %s", user());
        }
    }

    private void run(String sql, Object... values) {
        jdbc.sql(sql.formatted(values)).update();
    }

    private String user() {
        return "md5('user%d')::uuid".formatted(1 + random.nextInt(users));
    }

    private String venue() {
        return "md5('venue%d')::uuid".formatted(1 + random.nextInt(venues));
    }

    private double latitude() {
        return 48 + random.nextInt(2500) / 10000.0;
    }

    private double longitude() {
        return 11 + random.nextInt(3500) / 10000.0;
    }
}
