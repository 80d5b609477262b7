package dev.luna.api.reco;

import dev.luna.api.web.ProblemException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Who the members of a group are, as the tables have it now; a statement each. */
@Repository
class GroupReads {

    private final JdbcClient jdbc;

    GroupReads(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** @param people those of the members who exist */
    record Members(ReadState state, List<Person> people) {

        /** The people in the order asked for; refuses the first who does not exist with 404. */
        List<Person> inOrderOf(List<UUID> userIds) {
            Map<UUID, Person> byId = new HashMap<>();
            people.forEach(person -> byId.put(person.id(), person));
            return userIds.stream()
                    .map(id ->
                            Optional.ofNullable(byId.get(id)).orElseThrow(() -> ProblemException.unknown("user", id)))
                    .toList();
        }
    }

    private record Seen(ReadState state, Person person) {}

    /** The members' homes, and what the same statement saw of the published state. */
    Members members(List<UUID> userIds) {
        List<Seen> rows = jdbc.sql(
                        """
                        select u.id, u.home_lat, u.home_lng,
                        """ + PublishedReads.STATE + "from users u cross join " + KnownRunReads.CATALOG + """
                        left join run n on n.id = c.published_run_id
                        where u.id = any(:userIds)
                        """)
                .param("userIds", userIds.toArray(UUID[]::new))
                .query((row, n) -> new Seen(PublishedReads.state(row), PublishedReads.person(row)))
                .list();
        if (rows.isEmpty()) {
            throw ProblemException.unknown("user", userIds.get(0));
        }
        return new Members(rows.get(0).state, rows.stream().map(Seen::person).toList());
    }

    /**
     * The organizer of a plan and who takes part in it without having declined, in the order of their ids.
     *
     * @return empty when there is no such plan
     */
    List<UUID> participants(UUID planId) {
        return jdbc.sql("""
                        select organizer_id as user_id from plans where id = :planId
                        union
                        select user_id from plan_participants where plan_id = :planId and status <> 'declined'
                        order by user_id
                        """).param("planId", planId).query(UUID.class).list();
    }
}
