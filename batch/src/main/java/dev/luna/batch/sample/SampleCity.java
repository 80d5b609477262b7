package dev.luna.batch.sample;

import dev.luna.batch.database.Transaction;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * Puts the sample city into the database: 2,000 people, 600 venues, their interactions and friendships and a few plans.
 * It is always the same, ids and times included. Takes about 3 s, in one transaction. Thread-safe.
 */
@Component
public class SampleCity {

    /** Lena Tanaka: of those with a home, the one with the most friends. */
    public static final UUID GUIDE = UUID.fromString("4b65c78a-9d9f-471a-beaa-0d3777ec54cf");

    private static final Logger log = LoggerFactory.getLogger(SampleCity.class);
    private static final String TABLES =
            "users, venues, user_venue_interactions, user_social_edges, plans, plan_participants, bookings";
    private static final long SEED = 20_250_901L;
    private static final int PEOPLE = 2_000;
    private static final int VENUES = 600;
    private static final int PLANS = 24;

    private final DataSource dataSource;
    private final JdbcClient jdbc;
    private final Transaction transaction;

    SampleCity(DataSource dataSource, JdbcClient jdbc, PlatformTransactionManager transactionManager) {
        this.dataSource = dataSource;
        this.jdbc = jdbc;
        this.transaction = Transaction.writing(transactionManager);
    }

    /**
     * Loads the city if there is neither a user nor a venue. Two processes that do so at the same time load it once.
     *
     * @return whether it was loaded
     */
    public boolean loadIfEmpty() {
        boolean loaded = transaction.execute(() -> {
            if (!isEmpty()) {
                return false;
            }
            // Whoever comes second waits here, and then finds the city.
            jdbc.sql("lock table users, venues in share row exclusive mode").update();
            if (!isEmpty()) {
                return false;
            }
            write(generate());
            return true;
        });
        if (loaded) {
            analyze();
        }
        return loaded;
    }

    private void analyze() {
        try {
            jdbc.sql("analyze " + TABLES).update();
        } catch (DataAccessException e) {
            // The city stays loaded.
            log.warn(
                    "The sample city is loaded, but `analyze {}` failed ({}): queries may be slow until it is run again, or"
                            + " PostgreSQL does so by itself",
                    TABLES,
                    e.getMostSpecificCause().getMessage());
        }
    }

    static City generate() {
        return CityGenerator.generate(SEED, PEOPLE, VENUES, PLANS);
    }

    private boolean isEmpty() {
        return jdbc.sql("select not exists (select from users) and not exists (select from venues)")
                .query(Boolean.class)
                .single();
    }

    private void write(City city) {
        Connection connection = DataSourceUtils.getConnection(dataSource);
        try {
            new CityWriter(city, connection).write();
        } catch (SQLException e) {
            throw new IllegalStateException("PostgreSQL did not take the sample city: " + e.getMessage(), e);
        } finally {
            DataSourceUtils.releaseConnection(connection, dataSource);
        }
    }
}
