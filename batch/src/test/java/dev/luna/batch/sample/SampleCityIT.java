package dev.luna.batch.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.luna.batch.database.TestDatabase;
import java.sql.Connection;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;

/** The sample city goes into an empty database, once. */
@ExtendWith(OutputCaptureExtension.class)
class SampleCityIT {

    private static final TestDatabase DATABASE = TestDatabase.migrated();

    private final JdbcClient jdbc = DATABASE.jdbc();
    private final SampleCity sampleCity =
            new SampleCity(DATABASE.dataSource(), jdbc, new DataSourceTransactionManager(DATABASE.dataSource()));

    @BeforeEach
    void emptyDatabase() {
        DATABASE.clear();
    }

    @Test
    void anEmptyDatabaseGetsTheWholeCity() {
        City city = SampleCity.generate();

        assertThat(sampleCity.loadIfEmpty()).isTrue();

        assertThat(count("users")).isEqualTo(city.people().size());
        assertThat(count("venues")).isEqualTo(city.venues().size());
        assertThat(count("user_venue_interactions"))
                .isEqualTo(city.interactions().size());
        assertThat(count("user_social_edges")).isEqualTo(city.edges().size());
        assertThat(count("plans")).isEqualTo(24);
        assertThat(count("plan_participants")).isEqualTo(24 + 48);
        assertThat(count("bookings where status = 'confirmed'")).isEqualTo(count("plans where status = 'confirmed'"));
        assertThat(count("""
                        bookings b
                        join plans p on p.id = b.plan_id and p.venue_id = b.venue_id and p.start_time = b.start_time
                        join venues v on v.id = p.venue_id
                          and (v.name, v.lat, v.lng) = (b.venue_name, b.venue_lat, b.venue_lng)
                        join users u on u.id = p.organizer_id and u.name = b.organizer_name
                        """)).isEqualTo(count("bookings"));
        City.Person first = city.people().get(0);
        assertThat(jdbc.sql("select name from users where id = ?")
                        .param(first.id())
                        .query(String.class)
                        .single())
                .isEqualTo(first.name());
    }

    @Test
    void theGuideHasAHomeAndTheMostFriends() {
        sampleCity.loadIfEmpty();

        assertThat(jdbc.sql("""
                        select u.id
                        from users u
                        join user_social_edges e on e.user_id = u.id
                        where u.home_lat is not null
                        group by u.id
                        order by count(*) desc, u.id
                        limit 1
                        """).query(UUID.class).single()).isEqualTo(SampleCity.GUIDE);
    }

    @Test
    void itIsLoadedOnceAlsoWhenItsStatisticsCannotBeRenewed(CapturedOutput said) throws Exception {
        PGSimpleDataSource impatient = new PGSimpleDataSource();
        impatient.setUrl(DATABASE.url());
        impatient.setUser(DATABASE.username());
        impatient.setPassword(DATABASE.password());
        impatient.setOptions("-c lock_timeout=10ms");
        SampleCity loading =
                new SampleCity(impatient, JdbcClient.create(impatient), new DataSourceTransactionManager(impatient));
        try (Connection other = DATABASE.dataSource().getConnection()) {
            other.setAutoCommit(false);
            // Lets writers pass, but not ANALYZE.
            other.createStatement().execute("lock table plans in share update exclusive mode");

            assertThat(loading.loadIfEmpty()).isTrue();
        }

        assertThat(sampleCity.loadIfEmpty()).isFalse();
        assertThat(count("users")).isEqualTo(2_000);
        assertThat(said.getAll()).contains("The sample city is loaded, but `analyze users, ", "lock timeout");
    }

    @Test
    void aSessionThatEndsIsToldAndNotThatItsRollbackFailed() {
        TestDatabase own = TestDatabase.migrated();
        own.jdbc().sql("""
                        create function end_session() returns trigger language plpgsql as
                        $$ begin perform pg_terminate_backend(pg_backend_pid()); return null; end $$
                        """).update();
        own.jdbc()
                .sql("create trigger end_session before insert on venues execute function end_session()")
                .update();
        SampleCity loading =
                new SampleCity(own.dataSource(), own.jdbc(), new DataSourceTransactionManager(own.dataSource()));

        assertThatThrownBy(loading::loadIfEmpty).hasMessageStartingWith("PostgreSQL did not take the sample city: ");
    }

    @Test
    void aDatabaseWithPeopleOrVenuesOfItsOwnIsLeftAlone() {
        UUID ada = UUID.fromString("00000000-0000-4000-8000-00000000000a");
        jdbc.sql("insert into users (id, handle, name) values (?, 'ada', 'Ada')")
                .param(ada)
                .update();

        assertThat(sampleCity.loadIfEmpty()).isFalse();

        assertThat(count("users")).isEqualTo(1);
        assertThat(count("venues")).isZero();
    }

    private long count(String from) {
        return jdbc.sql("select count(*) from " + from).query(Long.class).single();
    }
}
