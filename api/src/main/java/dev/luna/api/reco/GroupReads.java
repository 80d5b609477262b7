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
        return members("u.id = any(:members)", userIds.toArray(UUID[]::new))
                .orElseThrow(() -> ProblemException.unknown("user", userIds.get(0)));
    }

    /**
     * The same of a plan's organizer and who takes part in it without having declined, in the order of their ids.
     *
     * @return empty when there is no such plan
     */
    Optional<Members> ofPlan(UUID planId) {
        return members("""
                u.id in (
                  select organizer_id from plans where id = :members
                  union all
                  select user_id from plan_participants where plan_id = :members and status <> 'declined')
                """, planId);
    }

    private Optional<Members> members(String condition, Object members) {
        List<Seen> rows = jdbc.sql("""
                        select u.id, u.home_lat, u.home_lng,
                        """ + PublishedReads.STATE + "from users u cross join " + KnownRunReads.CATALOG
                        + """
                        left join run n on n.id = c.published_run_id
                        where %s
                        order by u.id
                        """.formatted(condition))
                .param("members", members)
                .query((row, n) -> new Seen(PublishedReads.state(row), PublishedReads.person(row)))
                .list();
        return rows.stream()
                .findFirst()
                .map(seen ->
                        new Members(seen.state, rows.stream().map(Seen::person).toList()));
    }
}
