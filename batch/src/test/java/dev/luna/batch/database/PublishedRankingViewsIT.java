package dev.luna.batch.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** The packed rankings of a run, as the views for SQL show them, and the storage functions around them. */
class PublishedRankingViewsIT {

    private static final TestDatabase DATABASE = TestDatabase.migrated();
    private static final UUID ADA = UUID.fromString("00000000-0000-4000-8000-00000000000a");
    private static final UUID BOB = UUID.fromString("00000000-0000-4000-8000-00000000000b");
    private static final UUID CYD = UUID.fromString("00000000-0000-4000-8000-00000000000c");
    private static final UUID BAR = UUID.fromString("00000000-0000-4000-8000-0000000000b0");
    private static final UUID CAFE = UUID.fromString("00000000-0000-4000-8000-0000000000c0");

    private final JdbcClient jdbc = DATABASE.jdbc();
    private long run;

    @BeforeEach
    void aSealedRunWithTwoVenues() {
        DATABASE.clear();
        run = newRun();
        jdbc.sql("insert into run_venue_" + run + " values (?, 0, ?, 'bar', 1, 2, 3), (?, 1, ?, null, 1, 2, 12)")
                .params(run, BAR, run, CAFE)
                .update();
    }

    @Test
    void aVenueRankingShowsOneRowPerRank() {
        ByteBuffer packed = ByteBuffer.allocate(48);
        packed.putInt(1).putFloat(0.75f).putFloat(2.5f).putFloat(1f);
        packed.putInt(0).putFloat(0.125f).putFloat(Float.NaN).putFloat(Float.MIN_VALUE);
        packed.putInt(0).putFloat(-3.5e-20f).putFloat(20000f).putFloat(0f);
        store("venue_ranking", ADA, packed.array());
        publish();

        List<Map<String, Object>> rows = jdbc.sql("""
                        select rank, venue_id, score, distance_km, spatial_score, preference_score, popularity_score
                        from published_venue_ranking where user_id = ? order by rank
                        """).param(ADA).query().listOfRows();

        assertThat(rows).hasSize(3);
        assertThat(rows.get(0))
                .containsEntry("rank", 1)
                .containsEntry("venue_id", CAFE)
                .containsEntry("score", 0.75f)
                .containsEntry("distance_km", 2.5f)
                .containsEntry("preference_score", 1f)
                .containsEntry("popularity_score", 1.0);
        // exp(-0.3 * 2.5)
        assertThat((double) rows.get(0).get("spatial_score")).isCloseTo(0.472366552741, within(1e-9));
        // Without home there is no distance, and Float.MIN_VALUE is the smallest denormal number.
        assertThat(rows.get(1))
                .containsEntry("venue_id", BAR)
                .containsEntry("distance_km", null)
                .containsEntry("spatial_score", 0.0)
                .containsEntry("preference_score", Float.MIN_VALUE)
                .containsEntry("popularity_score", 0.25);
        // exp(-6000) underflows, which PostgreSQL's exp() reports as an error.
        assertThat(rows.get(2)).containsEntry("score", -3.5e-20f).containsEntry("spatial_score", 0.0);
    }

    @Test
    void theListOfOneUserDoesNotReadAllVenues() {
        jdbc.sql("insert into run_venue_" + run + """
                         select %d, n, gen_random_uuid(), null, 1, 2, 3 from generate_series(2, 100000) n
                        """.formatted(run)).update();
        store("venue_ranking", ADA, ByteBuffer.allocate(16).putFloat(4, 0.5f).array());
        publish();

        assertThat(jdbc.sql("explain select * from published_venue_ranking where user_id = '" + ADA + "'")
                        .query(String.class)
                        .list())
                .anyMatch(line -> line.contains("run_venue_" + run))
                .noneMatch(line -> line.contains("Seq Scan on run_venue_"));
    }

    /** A plan that joins users and venues before it looks at ranks takes minutes for 2,000 of each. */
    @Test
    void theListsOfManyUsersFindTheirVenuesByKey() {
        jdbc.sql("insert into run_venue_" + run + """
                         select %d, n, gen_random_uuid(), null, 1, 2, 3 from generate_series(2, 2000) n
                        """.formatted(run)).update();
        jdbc.sql("insert into venue_ranking_" + run + """
                         select %d, gen_random_uuid(), ? from generate_series(1, 2000)
                        """.formatted(run))
                .param(ByteBuffer.allocate(16).putFloat(4, 0.5f).array())
                .update();
        publish();

        for (String users : List.of("", " where user_id in (select id from users)")) {
            assertThat(jdbc.sql("explain select * from published_venue_ranking" + users)
                            .query(String.class)
                            .list())
                    .anyMatch(line -> line.contains("run_venue_" + run))
                    .noneMatch(line -> line.contains("Seq Scan on run_venue_"));
        }
    }

    @Test
    void theCompanionsOfOneUserDoNotReadAllVenues() {
        jdbc.sql("insert into run_venue_" + run + """
                         select %d, n, gen_random_uuid(), null, 1, 2, 3 from generate_series(2, 2000) n
                        """.formatted(run)).update();
        store("companion_ranking", ADA, companions(new Random(1), 3));
        publish();

        assertThat(jdbc.sql("explain select * from published_companion_ranking where user_id = '" + ADA + "'")
                        .query(String.class)
                        .list())
                .anyMatch(line -> line.contains("run_venue_" + run))
                .noneMatch(line -> line.contains("Seq Scan on run_venue_"));
    }

    /** Of a refresh, whose venues have other numbers, and of its base; who is in both is the refresh's. */
    @Test
    void companionsAreThoseThatAJoinWithAllVenuesOfTheirRunFinds() {
        Random random = new Random(36);
        List<UUID> users = Stream.generate(UUID::randomUUID).limit(30).toList();
        addVenues();
        for (UUID user : users.subList(0, 20)) {
            store("companion_ranking", user, companions(random, random.nextInt(5)));
        }
        index();
        seal();
        run = newRun("'refresh', " + run);
        addVenues();
        for (UUID user : users.subList(10, 30)) {
            store("companion_ranking", user, companions(random, random.nextInt(5)));
        }
        publish();

        assertThat(jdbc.sql("select * from published_companion_ranking order by user_id, venue_id nulls first, rank")
                        .query()
                        .listOfRows())
                .hasSizeGreaterThan(100)
                .isEqualTo(jdbc.sql("""
                                select r.run_id, r.user_id, v.venue_id, c.rank, c.companion_id,
                                       (n.profile ->> 'base_weight')::float8 * c.base
                                         + (n.profile ->> 'direct_weight')::float8 * c.direct
                                         + (n.profile ->> 'category_weight')::float8 * c.category as score,
                                       c.base as base_strength, c.direct as direct_pref, c.category as category_pref
                                from published_companion_row r
                                join run n on n.id = r.run_id
                                cross join lateral unpack_companions(r.ranking) c
                                left join run_venue v on v.run_id = r.stored_by and v.venue_no = c.venue_no
                                order by user_id, venue_id nulls first, rank
                                """).query().listOfRows());
    }

    @Test
    void aCompanionRankingShowsTheGeneralListAndOnePerVenue() {
        ByteBuffer packed = ByteBuffer.allocate(1024);
        // Two friends, the first of whom makes the general list; rankings at two venues.
        packed.putShort((short) 2).putShort((short) 1).putShort((short) 2);
        putId(packed, BOB).putFloat(0.5f);
        putId(packed, CYD).putFloat(0.25f);
        packed.putInt(1).putShort((short) 2);
        packed.putShort((short) (0x8000 | 0x4000 | 1)).putFloat(1f).putFloat(0.5f);
        packed.putShort((short) 0);
        packed.putInt(0).putShort((short) 1);
        packed.putShort((short) (0x4000 | 1)).putFloat(0.75f);
        byte[] bytes = new byte[packed.flip().remaining()];
        packed.get(bytes);
        store("companion_ranking", ADA, bytes);
        publish();

        List<String> rows = jdbc.sql("""
                        select coalesce(venue_id::text, 'any') || ' ' || rank || ' ' || companion_id || ' '
                          || round(score::numeric, 6) || ' ' || base_strength || ' ' || direct_pref || ' ' || category_pref
                        from published_companion_ranking where user_id = ? order by venue_id desc nulls first, rank
                        """).param(ADA).query(String.class).list();

        assertThat(rows)
                .containsExactly(
                        "any 1 " + BOB + " 0.300000 0.5 0 0",
                        // 0.6 * 0.25 + 0.25 * 1 + 0.15 * 0.5
                        CAFE + " 1 " + CYD + " 0.475000 0.25 1 0.5",
                        CAFE + " 2 " + BOB + " 0.300000 0.5 0 0",
                        // 0.6 * 0.25 + 0.15 * 0.75
                        BAR + " 1 " + CYD + " 0.262500 0.25 0 0.75");
    }

    /** As sessions of postgres_fdw, and those that name Luna's schema. */
    @Test
    void theViewsShowTheSameWhateverTheSearchPath() throws SQLException {
        ByteBuffer venue = ByteBuffer.allocate(16);
        venue.putInt(1).putFloat(0.75f).putFloat(2.5f).putFloat(1f);
        store("venue_ranking", ADA, venue.array());
        ByteBuffer companion = ByteBuffer.allocate(26);
        companion.putShort((short) 1).putShort((short) 1).putShort((short) 0);
        putId(companion, BOB).putFloat(0.5f);
        store("companion_ranking", ADA, companion.array());
        publish();

        try (Connection session = DATABASE.dataSource().getConnection()) {
            JdbcClient elsewhere = JdbcClient.create(new SingleConnectionDataSource(session, true));
            elsewhere.sql("set search_path = pg_catalog").update();
            for (String view : List.of("public.published_venue_ranking", "public.published_companion_ranking")) {
                List<Map<String, Object>> rows =
                        elsewhere.sql("select * from " + view).query().listOfRows();

                assertThat(rows)
                        .hasSize(1)
                        .isEqualTo(jdbc.sql("select * from " + view).query().listOfRows());
            }
        }
    }

    @Test
    void storageOfAPublishedRunIsKeptAndThatOfOthersGoesAtOnce() {
        publish();
        long other = newRun();

        jdbc.sql("select drop_run_storage(?)").param(other).query().listOfRows();

        assertThat(jdbc.sql("select run_storage_bytes(?)")
                        .param(other)
                        .query(Long.class)
                        .single())
                .isZero();
        assertThat(jdbc.sql("select run_storage_bytes(?)")
                        .param(run)
                        .query(Long.class)
                        .single())
                .isPositive();
        assertThatThrownBy(() -> jdbc.sql("select drop_run_storage(?)")
                        .param(run)
                        .query()
                        .listOfRows())
                .hasMessageContaining("run " + run + " is published");
    }

    @Test
    void sealingTwiceIsSealingOnce() {
        publish();

        seal();

        assertThat(jdbc.sql("select count(*) from pg_inherits where inhparent = 'venue_ranking'::regclass")
                        .query(Long.class)
                        .single())
                .isEqualTo(1);
    }

    @Test
    void sealingGivesTheKeysThatAreStillMissing() {
        jdbc.sql("select key_run_rankings(?, 'companion_ranking')")
                .param(run)
                .query()
                .listOfRows();

        jdbc.sql("select key_run_rankings(?, 'companion_ranking')")
                .param(run)
                .query()
                .listOfRows();
        publish();

        assertThat(jdbc.sql("""
                        select i.inhrelid::regclass::text from pg_inherits i
                        join pg_index x on x.indrelid = i.inhrelid and x.indisprimary
                        where i.inhparent = any('{venue_ranking, companion_ranking}'::regclass[]) order by 1
                        """).query(String.class).list())
                .containsExactly("companion_ranking_" + run, "venue_ranking_" + run);
    }

    @Test
    void autovacuumLeavesEverythingThatARunStoresAlone() {
        assertThat(jdbc.sql("""
                        select relname::text from pg_class
                        where relkind = 'r' and reloptions @> '{autovacuum_enabled=false}' and relname ~ ('_' || ? || '$')
                        order by 1
                        """).param(run).query(String.class).list())
                .containsExactly(
                        "companion_ranking_" + run, "run_input_" + run, "run_venue_" + run, "venue_ranking_" + run);
    }

    private long newRun() {
        return newRun("'full', null");
    }

    private long newRun(String kindAndBase) {
        long id = jdbc.sql("""
                        insert into run (kind, base_run_id, requested_by, profile, settings, max_likes)
                        values (%s, 'test', '{"decay_per_km": 0.3, "base_weight": 0.6, "direct_weight": 0.25,
                          "category_weight": 0.15}', '{}', 12)
                        returning id
                        """.formatted(kindAndBase)).query(Long.class).single();
        jdbc.sql("select create_run_storage(?)").param(id).query().listOfRows();
        return id;
    }

    private void store(String table, UUID user, byte[] packed) {
        String columns =
                table.equals("venue_ranking") ? "run_id, user_id, ranking" : "run_id, user_id, ranking, friend_count";
        String values = table.equals("venue_ranking") ? "?, ?, ?" : "?, ?, ?, 2";
        jdbc.sql("insert into " + table + "_" + run + " (" + columns + ") values (" + values + ")")
                .params(run, user, packed)
                .update();
    }

    private void seal() {
        jdbc.sql("select seal_run_storage(?)").param(run).query().listOfRows();
    }

    private void index() {
        jdbc.sql("select index_run_inputs(?)").param(run).query().listOfRows();
    }

    private void publish() {
        index();
        seal();
        jdbc.sql("insert into published_run (run_id, published_by) values (?, 'test')")
                .param(run)
                .update();
    }

    /** Fills the dictionary up to number 99. */
    private void addVenues() {
        jdbc.sql("""
                        insert into run_venue_%1$s
                        select %1$s, n, gen_random_uuid(), null, 1, 2, 3
                        from generate_series((select count(*) from run_venue_%1$s), 99) n
                        """.formatted(run)).update();
    }

    /** A packed ranking of random friends, in general and at up to five of the first 100 venues. */
    private static byte[] companions(Random random, int venues) {
        int friends = 1 + random.nextInt(4);
        ByteBuffer packed = ByteBuffer.allocate(1024);
        packed.putShort((short) friends)
                .putShort((short) random.nextInt(friends + 1))
                .putShort((short) venues);
        for (int friend = 0; friend < friends; friend++) {
            putId(packed, new UUID(random.nextLong(), random.nextLong())).putFloat(random.nextFloat());
        }
        for (int venue = 0; venue < venues; venue++) {
            packed.putInt(20 * venue + random.nextInt(20)).putShort((short) friends);
            for (int friend = 0; friend < friends; friend++) {
                boolean hasDirect = random.nextBoolean();
                packed.putShort((short) (hasDirect ? 0x8000 | friend : friend));
                if (hasDirect) {
                    packed.putFloat(random.nextFloat());
                }
            }
        }
        return Arrays.copyOf(packed.array(), packed.position());
    }

    private static ByteBuffer putId(ByteBuffer buffer, UUID id) {
        return buffer.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
    }
}
