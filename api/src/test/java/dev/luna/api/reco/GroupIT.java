package dev.luna.api.reco;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.luna.api.web.Http;
import dev.luna.api.web.ServerTest;
import dev.luna.batch.run.Eventually;
import dev.luna.batch.run.Run;
import dev.luna.batch.run.RunKind;
import dev.luna.batch.run.Runs;
import dev.luna.batch.scoring.GroupStrategy;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** Answers for groups equal brute force over all venues. */
class GroupIT extends ServerTest {

    @Autowired
    private Runs runs;

    @Test
    void randomGroupsGetTheTrueTopBeforeAndAfterARun() throws Exception {
        World.build(jdbc, 21, 12, 60);
        World world = World.read(jdbc);
        assertTrueTops(world, "none");

        Run run = publishedRun();

        assertTrueTops(world, Long.toString(run.id()));
    }

    @Test
    void aMembersLikeShowsAtOnceUnderTheRunsPopularity() throws Exception {
        World.build(jdbc, 22, 8, 40);
        World atRun = World.read(jdbc);
        publishedRun();
        List<UUID> group = atRun.users().subList(0, 3);

        like(group.get(1), atRun.venue(30));

        assertAnswer(
                ask(group, GroupStrategy.AVERAGE, 40),
                group,
                World.read(jdbc, atRun).group(group, GroupStrategy.AVERAGE, 40));
    }

    @Test
    void aPlanIsAskedForItsOrganizerAndThoseWhoHaveNotDeclined() {
        World.build(jdbc, 23, 6, 30);
        World world = World.read(jdbc);
        List<UUID> users = world.users();
        UUID plan = plan(users.get(4), world.venue(0));
        participant(plan, users.get(0), "accepted");
        participant(plan, users.get(1), "invited");
        participant(plan, users.get(2), "declined");
        List<UUID> group = List.of(users.get(0), users.get(1), users.get(4));

        Http.Answer answer = http.get("/plans/" + plan + "/reco?strategy=fairness&limit=7");

        assertAnswer(answer, group, world.group(group, GroupStrategy.FAIRNESS, 7));
    }

    @Test
    void whoIsDeletedWhileAPlanIsReadIsNotMissed(@Autowired DataSource dataSource) throws Exception {
        World.build(jdbc, 28, 3, 5);
        World world = World.read(jdbc);
        UUID plan = plan(world.users().get(0), world.venue(0));
        UUID guest = world.users().get(1);
        participant(plan, guest, "accepted");
        ExecutorService client = Executors.newSingleThreadExecutor();
        try (Connection other = dataSource.getConnection();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("lock table users in access exclusive mode");
            Future<Http.Answer> answer = client.submit(() -> http.get("/plans/" + plan + "/reco?limit=1"));
            var waits = jdbc.sql("select count(*) > 0 from pg_locks where not granted")
                    .query(Boolean.class);
            Eventually.holds("it waits", waits::single);
            statement.execute("delete from users where id = '" + guest + "'");
            other.commit();

            assertThat(answer.get().json().at("/0/members").size()).isEqualTo(1);
        } finally {
            client.shutdownNow();
        }
    }

    @Test
    void aPlanOfOneIsRankedAsThatPersonIs() {
        World.build(jdbc, 24, 3, 30);
        World world = World.read(jdbc);
        UUID alone = world.users().get(1);

        Http.Answer answer = http.get("/plans/" + plan(alone, world.venue(0)) + "/reco");

        assertThat(answer.json().path(0).path("venue_id").asString())
                .isEqualTo(world.venues(alone, 1).get(0).id().toString());
        assertThat(answer.json().size()).isEqualTo(10);
    }

    @Test
    void filtersHoldForEveryMember() {
        World.build(jdbc, 27, 8, 60);
        World world = World.read(jdbc);
        List<UUID> group = world.users().subList(0, 4);
        UUID left = world.venue(9);
        String filters = "\"category\": [\"bar\", \"park\"], \"max_price_level\": 3, \"min_rating\": 1";

        assertAnswer(
                ask(group, GroupStrategy.FAIRNESS, 60, filters),
                group,
                world.group(
                        group,
                        GroupStrategy.FAIRNESS,
                        (id, facts, km, isVisited) -> facts.category() != null
                                && List.of("bar", "park").contains(facts.category())
                                && facts.priceLevel() != null
                                && facts.priceLevel() <= 3
                                && facts.rating() != null
                                && facts.rating() >= 1));
        assertAnswer(
                ask(
                        group,
                        GroupStrategy.AVERAGE,
                        60,
                        "\"exclude\": \"visited\", \"exclude_venue_id\": [\"%s\"]".formatted(left)),
                group,
                world.group(
                        group, GroupStrategy.AVERAGE, (id, facts, km, isVisited) -> !isVisited && !id.equals(left)));
        assertAnswer(
                ask(world.users(), GroupStrategy.LEAST_MISERY, 60, "\"max_distance_km\": 4"),
                world.users(),
                world.group(world.users(), GroupStrategy.LEAST_MISERY, (id, facts, km, isVisited) -> km <= 4));
        UUID plan = plan(group.get(1), left);
        assertAnswer(
                http.get("/plans/" + plan + "/reco?limit=60&max_distance_km=3.5&exclude_venue_id=" + left),
                List.of(group.get(1)),
                world.group(
                        List.of(group.get(1)),
                        GroupStrategy.AVERAGE,
                        (id, facts, km, isVisited) -> km <= 3.5 && !id.equals(left)));
    }

    @Test
    void badQuestionsNameTheField() {
        World.build(jdbc, 25, 3, 5);
        List<UUID> users = World.read(jdbc).users();
        String both = quoted(users.subList(0, 2));

        assertRefused("{\"user_ids\": [%s]}".formatted(quoted(users.subList(0, 1))), 422, "user_ids");
        assertRefused("{\"user_ids\": [%s]}".formatted(manyIds(51)), 422, "user_ids");
        assertRefused("{}", 422, "user_ids");
        assertRefused("{\"user_ids\": [%s, %s]}".formatted(both, quoted(users.subList(1, 2))), 422, "user_ids[2]");
        assertRefused("{\"user_ids\": [%s, null]}".formatted(both), 400, "user_ids[2]");
        assertRefused("{\"user_ids\": [%s, \"x\"]}".formatted(both), 400, "user_ids[2]");
        assertRefused("{\"user_ids\": [%s], \"limit\": 0}".formatted(both), 422, "limit");
        assertRefused("{\"user_ids\": [%s], \"limit\": 1001}".formatted(both), 422, "limit");
        assertRefused("{\"user_ids\": [%s], \"strategy\": \"dictator\"}".formatted(both), 400, "strategy");
        assertRefused(
                "{\"user_ids\": [%s], \"filters\": {\"min_rating\": 6}}".formatted(both), 422, "filters.min_rating");
        assertRefused("{\"user_ids\": [%s], \"filters\": {\"price\": 1}}".formatted(both), 400, "filters.price");
        UUID nobody = UUID.randomUUID();
        Http.Answer unknown = http.post("/reco/group", "{\"user_ids\": [%s, \"%s\"]}".formatted(both, nobody));
        assertThat(unknown.status()).isEqualTo(404);
        assertThat(unknown.detail()).contains(nobody.toString());
        assertThat(http.get("/plans/" + nobody + "/reco").status()).isEqualTo(404);
        assertThat(http.get("/plans/" + nobody + "/reco?strategy=dictator").detail())
                .contains("strategy", "least_misery");
    }

    @Test
    void asManyAsAPlanTakesAreRankedTogether() {
        World.build(jdbc, 26, 3, 5);
        World world = World.read(jdbc);
        UUID organizer = world.users().get(0);
        UUID plan = plan(organizer, world.venue(0));
        participant(plan, organizer, "accepted");
        List<UUID> guests = jdbc.sql("""
                        insert into users (handle, name) select 'guest' || i, 'Guest' from generate_series(1, 100) i
                        returning id
                        """).query(UUID.class).list();
        int invited = 0;
        while (http.put("/plans/" + plan + "/participants/" + guests.get(invited), "")
                        .status()
                == 201) {
            invited++;
        }

        Http.Answer answer = http.get("/plans/" + plan + "/reco?limit=1");

        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(answer.json().at("/0/members").size()).isEqualTo(1 + invited);
    }

    private void assertTrueTops(World world, String run) {
        Random random = new Random(7);
        for (int draw = 0; draw < 24; draw++) {
            List<UUID> group = new ArrayList<>(world.users());
            Collections.shuffle(group, random);
            group = group.subList(0, 2 + random.nextInt(group.size() - 1));
            GroupStrategy strategy = GroupStrategy.values()[draw % 3];
            int limit = 1 + random.nextInt(80);

            Http.Answer answer = ask(group, strategy, limit);

            assertAnswer(answer, group, world.group(group, strategy, limit));
            assertThat(answer.header("Luna-Run")).contains(run);
            assertThat(answer.header("Luna-Source")).contains("live");
            assertThat(answer.header("Luna-Snapshot")).isPresent();
            assertThat(answer.header("Cache-Control")).contains("no-store");
        }
    }

    /** Same venues in the same order, ranks from 1, the group's and each member's score to 1e-6. */
    private static void assertAnswer(Http.Answer answer, List<UUID> group, List<World.ExpectedOfGroup> expected) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(answer.json().size()).isEqualTo(expected.size());
        for (int i = 0; i < expected.size(); i++) {
            JsonNode entry = answer.json().path(i);
            assertThat(entry.path("rank").asInt()).isEqualTo(i + 1);
            assertThat(entry.path("venue_id").asString())
                    .as("rank %d", i + 1)
                    .isEqualTo(expected.get(i).venueId().toString());
            assertThat(entry.path("score").asDouble()).isCloseTo(expected.get(i).score(), within(1e-6));
            assertThat(entry.path("members").size()).isEqualTo(group.size());
            for (int m = 0; m < group.size(); m++) {
                JsonNode member = entry.path("members").path(m);
                assertThat(member.path("user_id").asString())
                        .isEqualTo(group.get(m).toString());
                assertThat(member.path("score").asDouble())
                        .isCloseTo(expected.get(i).memberScores().get(m), within(1e-6));
            }
        }
    }

    private void assertRefused(String body, int status, String field) {
        Http.Answer answer = http.post("/reco/group", body);
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(answer.json().at("/errors/0/field").asString()).isEqualTo(field);
    }

    private Http.Answer ask(List<UUID> group, GroupStrategy strategy, int limit) {
        return ask(group, strategy, limit, "");
    }

    private Http.Answer ask(List<UUID> group, GroupStrategy strategy, int limit, String filters) {
        return http.post(
                "/reco/group",
                "{\"user_ids\": [%s], \"strategy\": \"%s\", \"limit\": %d, \"filters\": {%s}}"
                        .formatted(quoted(group), strategy.name().toLowerCase(Locale.ROOT), limit, filters));
    }

    private UUID plan(UUID organizer, UUID venue) {
        return jdbc.sql("""
                        insert into plans (organizer_id, venue_id, start_time) values (?, ?, now() + interval '1 day')
                        returning id
                        """).params(organizer, venue).query(UUID.class).single();
    }

    private void participant(UUID plan, UUID user, String status) {
        jdbc.sql("insert into plan_participants (plan_id, user_id, status) values (?, ?, ?)")
                .params(plan, user, status)
                .update();
    }

    private Run publishedRun() throws InterruptedException {
        Run ended = runs.await(runs.start(RunKind.FULL, "test").id(), progress -> {});
        assertThat(ended.published()).as(ended.sentence()).isTrue();
        return ended;
    }

    private static String quoted(List<UUID> ids) {
        return ids.stream().map(id -> "\"" + id + "\"").collect(Collectors.joining(", "));
    }

    private static String manyIds(int n) {
        List<UUID> ids = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            ids.add(UUID.randomUUID());
        }
        return quoted(ids);
    }
}
