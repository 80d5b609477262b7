package dev.luna.batch.reads;

import dev.luna.batch.scoring.RankedVenue;
import dev.luna.batch.scoring.ScoringProfile;
import dev.luna.batch.scoring.VenueRankingCodec;
import dev.luna.batch.snapshot.StagedInputsReader;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The rows behind the published run's answers, read as fast as the driver can: the limit that a server is measured by. */
public final class StoredRankings {

    private static final int FIRST = 10;

    private final DataSource dataSource;
    private final VenueRankingCodec codec;
    private final long runId;
    private final List<UUID> users;

    private StoredRankings(DataSource dataSource, VenueRankingCodec codec, long runId, List<UUID> users) {
        this.dataSource = dataSource;
        this.codec = codec;
        this.runId = runId;
        this.users = users;
    }

    /**
     * Draws users, the same ones for the same users, whose stored ranking the published run answers with: its own, or after
     * a refresh its base's.
     *
     * @param most how many at most
     * @throws IllegalStateException if no run is published
     */
    public static StoredRankings draw(DataSource dataSource, StagedInputsReader inputs, int most) {
        JdbcClient jdbc = JdbcClient.create(dataSource);
        long runId = jdbc.sql("""
                        select coalesce(n.base_run_id, n.id) from published_run p join run n on n.id = p.run_id
                        """)
                .query(Long.class)
                .optional()
                .orElseThrow(() -> new IllegalStateException("no run is published; make one with `luna recompute`"));
        List<UUID> users = jdbc.sql("""
                        select r.user_id
                        from venue_ranking r
                        join users u on u.id = r.user_id
                        where r.run_id = :runId
                          and not exists (
                            select from venue_ranking newer
                            join published_run p on p.run_id = newer.run_id
                            where newer.user_id = r.user_id and newer.run_id <> r.run_id)
                        order by md5(r.user_id::text)
                        limit :most
                        """)
                .param("runId", runId)
                .param("most", most)
                .query(UUID.class)
                .list();
        // Decoding costs the same under any profile.
        VenueRankingCodec codec = new VenueRankingCodec(inputs.catalog(runId), ScoringProfile.standard());
        return new StoredRankings(dataSource, codec, runId, users);
    }

    /** The users drawn. */
    public List<UUID> users() {
        return users;
    }

    /** A client that takes a connection of the pool for each row, as a server does. */
    public ClosedLoop.Asker asker(List<UUID> asked) {
        return user -> {
            if (read(asked.get(user)).isEmpty()) {
                throw new IllegalStateException("user " + asked.get(user) + " has no ranking in run " + runId);
            }
        };
    }

    private List<RankedVenue> read(UUID userId) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(
                        "select ranking from venue_ranking where run_id = ? and user_id = ?")) {
            statement.setLong(1, runId);
            statement.setObject(2, userId);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? codec.decode(row.getBytes(1), FIRST) : List.of();
            }
        }
    }
}
