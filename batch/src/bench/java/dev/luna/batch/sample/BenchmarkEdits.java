package dev.luna.batch.sample;

import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * New interactions of some users with some venues, the same for the same data: of a share of all users one like each. A
 * larger share has the users of a smaller one. They are recognised by their ids and can be taken back.
 */
public final class BenchmarkEdits {

    private final JdbcClient jdbc;

    public BenchmarkEdits(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Lets the first {@code share} of all users have their like, those who have it already included; returns their number. */
    public long apply(double share) {
        jdbc.sql("""
                        with fan as (
                          select id, row_number() over (order by md5(id::text)) as place, count(*) over () as users from users),
                        place as (
                          select id, row_number() over (order by id) - 1 as place, count(*) over () as venues from venues)
                        insert into user_venue_interactions (id, user_id, venue_id, interaction_type, dwell_time)
                        select md5('bench refresh ' || fan.id)::uuid, fan.id, place.id, 'like', 60
                        from fan join place on place.place = fan.place * 7919 % place.venues
                        where fan.place <= fan.users * :share
                        on conflict (id) do nothing
                        """).param("share", share).update();
        return changed();
    }

    /** Users whose inputs changed since the snapshot of the published full run, or of the published refresh's base. */
    private long changed() {
        return jdbc.sql("""
                        select count(*) from user_change c
                        where not pg_visible_in_snapshot(c.xid, (
                          select coalesce(b.snapshot, r.snapshot)
                          from published_run p
                          join run r on r.id = p.run_id
                          left join run b on b.id = r.base_run_id))
                        """).query(Long.class).single();
    }

    /** Takes all of them back. */
    public void undo() {
        jdbc.sql(
                        "delete from user_venue_interactions where id in (select md5('bench refresh ' || id)::uuid from users)")
                .update();
    }
}
