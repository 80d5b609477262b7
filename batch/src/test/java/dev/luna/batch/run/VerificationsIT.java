package dev.luna.batch.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;

/** Whether a stored ranking is what it should be. */
@SpringBootTest
class VerificationsIT extends Town {

    private static final int USERS = 150;

    @Autowired
    private Verifications verifications;

    VerificationsIT() {
        super(USERS, 90);
    }

    @Test
    void verificationFindsARankingThatIsNotTheDefinitions() throws Exception {
        Run full = run(RunKind.FULL);
        assertThat(verifications.verify(full.id(), 1_000)).isEqualTo(new RunVerifier.Verification(USERS, USERS, ""));

        // The last byte of a score of one user.
        jdbc.sql("""
                        update venue_ranking set ranking = set_byte(ranking, 7, get_byte(ranking, 7) # 1)
                        where run_id = :run and user_id = md5('user9')::uuid
                        """).param("run", full.id()).update();

        RunVerifier.Verification found = verifications.verify(full.id(), 1_000);
        assertThat(found.equal()).isEqualTo(USERS - 1);
        assertThat(found.firstDifference()).contains(id("user9").toString(), "at rank 1");
    }

    /** Of a refresh, the users ranked anew; the checksum on record is of the base's other rows too. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    update venue_ranking set ranking = set_byte(ranking, 7, get_byte(ranking, 7) # 1) | have checksum
                    update companion_ranking set ranking = set_byte(ranking, 25, get_byte(ranking, 25) # 1) | have checksum
                    delete from venue_ranking                      | have checksum
                    update venue_ranking set ranking = ''          | have checksum
                    update companion_ranking set ranking = ''      | have no checksum: user %s has a damaged row
                    update venue_ranking set ranking = '\\x00'     | have no checksum: user %s has a damaged row
                    update companion_ranking set ranking = '\\x00' | have no checksum: user %s has a damaged row
                    """)
    void theChecksumIsComputedAgainFromEveryStoredRow(String damage, String difference) throws Exception {
        Run full = run(RunKind.FULL);
        jdbc.sql("update users set home_lat = home_lat + 0.01 where id = md5('user16')::uuid")
                .update();
        Run refresh = run(RunKind.REFRESH);
        for (Run run : List.of(full, refresh)) {
            assertThat(verifications.checksumDifference(run.id())).isEmpty();

            jdbc.sql(damage + " where run_id = :run and user_id = md5('user16')::uuid")
                    .param("run", run.id())
                    .update();

            assertThat(verifications.checksumDifference(run.id()))
                    .startsWith("the stored rankings " + difference.formatted(id("user16")));
        }
    }

    /** Who is gone, or has no friends any more, has a row of nothing in a refresh, which counts for nothing. */
    @Test
    void theChecksumIsNotOfRowsThatSayThatNothingIsThere() throws Exception {
        run(RunKind.FULL);
        jdbc.sql("delete from users where id = md5('user9')::uuid").update();
        jdbc.sql("delete from user_social_edges where user_id = md5('user16')::uuid")
                .update();
        Run refresh = run(RunKind.REFRESH);

        assertThat(verifications.checksumDifference(refresh.id())).isEmpty();
        assertThat(verifications.verify(refresh.id(), 1_000).firstDifference()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    update run_input set user_no = 150                | damaged staged inputs: the row at position
                    update run_input set venues = '\\x00'             | damaged staged inputs: the user at position
                    update run_venue set lat = 95                     | damaged staged inputs: venue
                    delete from run_input                             | damaged staged inputs: the row at position
                    """)
    void inputsThatCannotBeLoadedAreADifferenceOfAll(String damage, String difference) throws Exception {
        Run full = run(RunKind.FULL);
        jdbc.sql(damage
                        + " where run_id = :run and 0 in (%s)"
                                .formatted(damage.contains("run_venue") ? "venue_no" : "user_no"))
                .param("run", full.id())
                .update();

        RunVerifier.Verification found = verifications.verify(full.id(), 20);

        assertThat(found.equal()).isZero();
        assertThat(found.users()).isEqualTo(20);
        assertThat(found.firstDifference()).startsWith("run %d has %s".formatted(full.id(), difference));
    }

    @Test
    void inputsOfOneUserThatCannotBeReadAreHisDifference() throws Exception {
        Run full = run(RunKind.FULL);
        jdbc.sql("""
                        update run_input set venues = '\\x7fffffff0000000000000000', friends = ''
                        where run_id = :run and user_id = md5('user16')::uuid
                        """).param("run", full.id()).update();

        RunVerifier.Verification found = verifications.verify(full.id(), 1_000);

        assertThat(found.equal()).isLessThan(USERS);
        assertThat(found.firstDifference()).contains("has damaged inputs, or a friend has: row ");
    }

    /** The last byte of the distance and of the preference of the first venue. */
    @ParameterizedTest
    @ValueSource(ints = {11, 15})
    void verificationComparesEveryPartOfAVenuesScore(int damaged) throws Exception {
        Run full = run(RunKind.FULL);
        jdbc.sql("""
                        update venue_ranking set ranking = set_byte(ranking, :at, get_byte(ranking, :at) # 1)
                        where run_id = :run and user_id = md5('user9')::uuid
                        """).param("at", damaged).param("run", full.id()).update();

        RunVerifier.Verification found = verifications.verify(full.id(), 1_000);

        assertThat(found.equal()).isEqualTo(USERS - 1);
        assertThat(found.firstDifference()).contains("user " + id("user9") + " has venue", "km", "at rank 1");
    }

    /** The last byte of the first friend's strength, and of either preference of the last entry. */
    @ParameterizedTest
    @ValueSource(strings = {"25", "length(ranking) - 5", "length(ranking) - 1"})
    void verificationComparesEveryPartOfACompanionsScore(String damaged) throws Exception {
        Run full = run(RunKind.FULL);
        UUID user = jdbc.sql("""
                        update companion_ranking set ranking = set_byte(ranking, %1$s, get_byte(ranking, %1$s) # 1)
                        where run_id = :run and user_id = (
                          select r.user_id
                          from companion_ranking r cross join lateral (
                            select direct, category from unpack_companions(r.ranking) with ordinality
                            order by ordinality desc limit 1) e
                          where r.run_id = :run and e.direct > 0 and e.category > 0
                          order by r.user_id limit 1)
                        returning user_id
                        """.formatted(damaged))
                .param("run", full.id())
                .query(UUID.class)
                .single();

        RunVerifier.Verification found = verifications.verify(full.id(), 1_000);
        assertThat(found.equal()).isEqualTo(USERS - 1);
        assertThat(found.firstDifference()).contains("user " + user + " has companion");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    delete from venue_ranking                            | has no row of ranked venues
                    update venue_ranking set ranking = '\\x00'           | has a damaged row: packed venue ranking
                    update venue_ranking set ranking = repeat('x', 16)::bytea | has a damaged row: packed venue ranking
                    delete from companion_ranking                        | has no row of ranked companions
                    update companion_ranking set ranking = '\\x00'       | has a damaged row: packed companion ranking
                    """)
    void verificationNamesTheUserWhoseRowIsNotThereOrDamaged(String damage, String difference) throws Exception {
        Run full = run(RunKind.FULL);
        jdbc.sql(damage + " where run_id = :run and user_id = md5('user16')::uuid")
                .param("run", full.id())
                .update();

        RunVerifier.Verification found = verifications.verify(full.id(), 1_000);

        assertThat(found.equal()).isEqualTo(USERS - 1);
        assertThat(found.firstDifference()).contains("user " + id("user16") + " " + difference);
    }

    /** What nobody ranked, but readers would be served: a list at one more venue, and friends of somebody who has none. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    0 | has 11 venues with ranked companions instead of 10
                    1 | has 1 ranked companions in general instead of 0
                    """)
    void verificationFindsCompanionsThatAreTooMany(int friendless, String difference) throws Exception {
        jdbc.sql("delete from user_social_edges where :friendless = 1 and user_id = md5('user16')::uuid")
                .param("friendless", friendless)
                .update();
        Run full = run(RunKind.FULL);
        // The user's own id as that of the friend; the list is at the venue that is last among the ranked ones.
        jdbc.sql(friendless == 1 ? """
                        insert into companion_ranking
                        select run_id, user_id, 1, '\\x000100010000' || uuid_send(user_id) || '\\x3f800000' from venue_ranking
                        where run_id = :run and user_id = md5('user16')::uuid
                        """ : """
                        update companion_ranking c
                        set ranking = set_byte(c.ranking, 5, 11) || substr(v.ranking, length(v.ranking) - 15, 4) || '\\x0000'
                        from venue_ranking v
                        where c.run_id = :run and c.user_id = md5('user16')::uuid and (v.run_id, v.user_id) = (c.run_id, c.user_id)
                        """).param("run", full.id()).update();

        RunVerifier.Verification found = verifications.verify(full.id(), 1_000);

        assertThat(found.equal()).isEqualTo(USERS - 1);
        assertThat(found.firstDifference()).isEqualTo("user %s %s", id("user16"), difference);
    }
}
