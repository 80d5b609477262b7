package dev.luna.batch.snapshot;

import dev.luna.batch.database.BinaryCopyReader;
import dev.luna.batch.database.BinaryCopyWriter;
import dev.luna.batch.database.RunTables;
import dev.luna.batch.scoring.ScoringProfile;
import dev.luna.batch.scoring.VenueCatalog;
import dev.luna.batch.scoring.VenueRankingCodec;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.PrimitiveIterator;
import java.util.stream.LongStream;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Decides, inside one snapshot, whom a refresh must rank anew, in temporary tables of its connection:
 *
 * <pre>
 * refreshed   users whose rankings may differ from the base's, gone ones included; changed_no of those whose own inputs
 *             changed ({@link ChangedUsers})
 * </pre>
 *
 * A ranking can differ only if one of these holds, and each puts its user in {@code refreshed}:
 * <ol>
 *   <li>his home, interactions or edges changed, or he is new or gone;
 *   <li>he has an edge to somebody who is another companion now at one of his first venues ({@link TasteChange});
 *   <li>his list holds a venue that is gone, elsewhere or of another category;
 *   <li>a venue that is new or elsewhere may come into his list: by nearness and popularity, or because he was there before;
 *   <li>he has an edge to somebody who was at a venue that has another category now.
 * </ol>
 * (1), (2) and (5) take time by what changed; (3) and (4) read the base's lists once, if venues changed at all
 * ({@link BaseLists}). For (2) the base's lists do, since whose list changes is found by another one anyway.
 */
final class RefreshScope {

    private final Connection connection;
    private final JdbcClient jdbc;
    private final RunTables base;
    private final VenueCatalog baseCatalog;

    RefreshScope(Connection connection, JdbcClient jdbc, RunTables base, VenueCatalog baseCatalog) {
        this.connection = connection;
        this.jdbc = jdbc;
        this.base = base;
        this.baseCatalog = baseCatalog;
    }

    /**
     * Fills the table.
     *
     * @param venuesPerUser ranked venues stored per user
     * @param companionVenues first ranked venues for which companions are stored
     */
    void find(
            ChangedUsers changed, RefreshVenues venues, ScoringProfile profile, int venuesPerUser, int companionVenues)
            throws SQLException {
        jdbc.sql("create temporary table refresh_found (user_id uuid not null) on commit drop")
                .update();
        findByTastes(changed, companionVenues);
        if (!venues.same()) {
            findByVenues();
            writeFound(new BaseLists(connection, jdbc, base).find(profile, baseCatalog.maxLikes(), venuesPerUser));
        }
        jdbc.sql("analyze refresh_found").update();
        jdbc.sql("""
                        create temporary table refreshed on commit drop as
                        select user_id, changed_no from refresh_changed
                        union all
                        select distinct f.user_id, cast(null as integer) from refresh_found f
                        where not exists (select from refresh_changed c where c.user_id = f.user_id)
                        """).update();
        jdbc.sql("analyze refreshed").update();
    }

    private void findByTastes(ChangedUsers changed, int companionVenues) throws SQLException {
        if (companionVenues == 0 || writeTasteChanges(changed) == 0) {
            return;
        }
        LongStream.Builder found = LongStream.builder();
        long[] id = new long[2];
        // Who changed himself, or has no row because he is new, is ranked anew for that.
        try (BinaryCopyReader rows = BinaryCopyReader.open(
                connection, """
                select t.changed_no, e.user_id, substring(r.ranking for %s)
                from refresh_taste t
                join refresh_changed c on c.changed_no = t.changed_no
                join user_social_edges e on e.other_user_id = c.user_id
                join %s r on r.user_id = e.user_id
                where not exists (select from refresh_changed o where o.user_id = e.user_id)
                """.formatted(companionVenues * VenueRankingCodec.ENTRY_BYTES, base.venueRankings()))) {
            while (rows.next()) {
                TasteChange taste = changed.taste(rows.int4());
                rows.uuid(id);
                if (taste.concerns(ByteBuffer.wrap(rows.bytea()), baseCatalog)) {
                    found.add(id[0]).add(id[1]);
                }
            }
        }
        writeFound(found.build());
    }

    /** @param ids as halves in turn; the same one may come again */
    private void writeFound(LongStream ids) throws SQLException {
        PrimitiveIterator.OfLong halves = ids.iterator();
        try (BinaryCopyWriter rows = BinaryCopyWriter.open(connection, "refresh_found", "user_id")) {
            while (halves.hasNext()) {
                rows.startRow();
                rows.uuid(halves.nextLong(), halves.nextLong());
            }
            rows.finish();
        }
    }

    private long writeTasteChanges(ChangedUsers changed) throws SQLException {
        jdbc.sql("create temporary table refresh_taste (changed_no integer not null) on commit drop")
                .update();
        long written;
        try (BinaryCopyWriter rows = BinaryCopyWriter.open(connection, "refresh_taste", "changed_no")) {
            for (int user = 0; user < changed.size(); user++) {
                if (!changed.taste(user).isNone()) {
                    rows.startRow();
                    rows.int4(user);
                }
            }
            written = rows.finish();
        }
        jdbc.sql("analyze refresh_taste").update();
        return written;
    }

    private void findByVenues() {
        jdbc.sql("""
                        insert into refresh_found (user_id)
                        select distinct i.user_id
                        from refresh_venue v join user_venue_interactions i on i.venue_id = v.venue_id
                        where v.moved
                        """).update();
        jdbc.sql("""
                        insert into refresh_found (user_id)
                        select distinct e.user_id
                        from refresh_venue v
                        join user_venue_interactions i on i.venue_id = v.venue_id
                        join user_social_edges e on e.other_user_id = i.user_id
                        where v.recategorised
                        """).update();
    }
}
