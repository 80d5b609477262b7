package dev.luna.batch.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.luna.batch.scoring.ScoringProfile;
import dev.luna.batch.snapshot.RefreshBase;
import dev.luna.batch.snapshot.RefreshStaging;
import dev.luna.batch.snapshot.StagedSnapshot;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Refreshes after edits that random ones seldom are. */
class RareEditsIT extends Refreshing {

    @Autowired
    private RefreshStaging staging;

    @Autowired
    private RunStore store;

    @Autowired
    private PlatformTransactionManager transactions;

    @Test
    void whoCameAndWentIsNobody() throws Exception {
        Run base = run(RunKind.FULL);
        jdbc.sql("insert into users (handle, name) values ('guest', 'Guest')").update();
        jdbc.sql("delete from users where handle = 'guest'").update();

        Run refresh = run(RunKind.REFRESH);

        assertThat(count("venue_ranking where run_id = " + refresh.id())).isZero();
        assertAsAFullComputation(refresh, base);
    }

    @Test
    void aVenueDueEastOfWhereItWasIsElsewhere() throws Exception {
        Run base = run(RunKind.FULL);
        jdbc.sql("update venues set lng = lng + 0.02 where id = md5('venue20')::uuid")
                .update();

        assertAsAFullComputation(run(RunKind.REFRESH), base);
    }

    @Test
    void noCategoryIsAnotherOne() throws Exception {
        Run base = run(RunKind.FULL);
        jdbc.sql("""
                        update venues set category = case when category is null then 'category 2' end
                        where category is null or category = 'category 2'
                        """).update();

        assertAsAFullComputation(run(RunKind.REFRESH), base);
    }

    /** Somebody goes after it was read whose inputs changed, and before everybody is counted. */
    @Test
    void whatChangesWhileItIsReadIsOfTheNextOne() throws Exception {
        Run base = run(RunKind.FULL);
        jdbc.sql("update users set home_lat = 48.1, home_lng = 11.1 where id = md5('user6')::uuid")
                .update();
        ScoringProfile profile = ScoringProfile.standard();
        long id = store.create(RunKind.REFRESH, base.id(), "ada", false, profile, SETTINGS, null);
        String visible = jdbc.sql("select snapshot::text from run where id = ?")
                .param(base.id())
                .query(String.class)
                .single();
        RefreshBase of = new RefreshBase(
                base.id(), visible, base.checksum(), USERS, base.counts().edges(), 1);
        AtomicInteger asked = new AtomicInteger();

        StagedSnapshot staged = new TransactionTemplate(transactions)
                .execute(tx -> staging.stage(id, new RefreshStaging.Request(of, profile, 8, 4, 8, 2), () -> {
                    if (asked.getAndIncrement() == 0) {
                        deleteApart("user117");
                    }
                    return false;
                }));

        assertThat(staged.users()).isEqualTo(USERS);
        assertThat(count("users")).isEqualTo(USERS - 1);
        assertThat(jdbc.sql(
                                "select user_id from user_change where not pg_visible_in_snapshot(xid, cast(? as pg_snapshot))")
                        .param(staged.visible())
                        .query(UUID.class)
                        .list())
                .contains(id("user117"))
                .doesNotContain(id("user6"));
    }

    /** Not in the transaction of this thread. */
    private void deleteApart(String user) {
        try (Connection other = dataSource.getConnection();
                Statement statement = other.createStatement()) {
            statement.executeUpdate("delete from users where id = md5('%s')::uuid".formatted(user));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
