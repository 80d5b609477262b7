package dev.luna.api.reco;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A published refresh run that ranked one person, written by hand: the form of its rows is what is under test. */
final class HandMadeRefresh {

    private HandMadeRefresh() {}

    /** @return the run's id; distances and preferences of the ranking are left at 0 */
    static long publish(JdbcClient jdbc, long base, UUID user, List<World.Expected> ranking) {
        long id = jdbc.sql("""
                        insert into run (kind, state, phase, requested_by, profile, settings, snapshot_at, snapshot,
                                         users_total, venues_total, max_likes, base_run_id)
                        select 'refresh', 'completed', 'done', 'test', profile, settings, now(), pg_current_snapshot(),
                               users_total, (select count(*) from venues), max_likes, id
                        from run where id = ?
                        returning id
                        """).param(base).query(Long.class).single();
        jdbc.sql("select create_run_storage(?)").param(id).query(row -> {});
        jdbc.sql("""
                        insert into run_venue_%d (run_id, venue_no, venue_id, category, lat, lng, likes)
                        select ?, row_number() over (order by v.id) - 1, v.id, v.category, v.lat, v.lng,
                               coalesce(b.likes, 0)
                        from venues v
                        left join run_venue b on b.run_id = ? and b.venue_id = v.id
                        """.formatted(id)).params(id, base).update();
        jdbc.sql("select index_run_inputs(?)").param(id).query(row -> {});
        ByteBuffer packed = ByteBuffer.allocate(16 * ranking.size());
        for (World.Expected venue : ranking) {
            int number = jdbc.sql("select venue_no from run_venue_%d where venue_id = ?".formatted(id))
                    .param(venue.id())
                    .query(Integer.class)
                    .single();
            packed.putInt(number).putFloat((float) venue.score()).putFloat(0).putFloat(0);
        }
        jdbc.sql("insert into venue_ranking_%d (run_id, user_id, ranking) values (?, ?, ?)".formatted(id))
                .params(id, user, packed.array())
                .update();
        jdbc.sql("""
                        insert into companion_ranking_%d (run_id, user_id, friend_count, ranking)
                        select ?, user_id, friend_count, ranking from companion_ranking
                        where run_id = ? and user_id = ?
                        """.formatted(id)).params(id, base, user).update();
        jdbc.sql("select seal_run_storage(?)").param(id).query(row -> {});
        jdbc.sql("update published_run set run_id = ?").param(id).update();
        return id;
    }
}
