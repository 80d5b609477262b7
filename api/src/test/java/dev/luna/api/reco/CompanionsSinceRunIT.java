package dev.luna.api.reco;

import static org.assertj.core.api.Assertions.assertThat;

import dev.luna.api.web.Http;
import dev.luna.api.web.ServerTest;
import dev.luna.batch.run.Run;
import dev.luna.batch.run.Runs;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** Companions after friends did something, or a venue became another, which no stored list knows. */
class CompanionsSinceRunIT extends ServerTest {

    /** A run stores ten companions at each of the user's first ten venues. */
    private static final int STORED = 10;

    private static final int PEOPLE = 30;

    @Autowired
    private Runs runs;

    private UUID user;
    private UUID best;
    private World atRun;

    @Test
    void whatFriendsDoCountsFromTheNextRunOn() {
        Run run = worldWithRun(61);
        UUID other = atRun.venues(user, 30).get(29).id();
        UUID friend = atRun.companions(user, best, PEOPLE).get(11).id();
        List<String> stored = List.of("?limit=10", "?limit=10&venue_id=" + best, "?limit=3&venue_id=" + best);
        List<JsonNode> before =
                stored.stream().map(query -> people(query, "run").json()).toList();

        likeOften(friend, best);
        likeOften(friend, other);

        for (int i = 0; i < stored.size(); i++) {
            assertThat(people(stored.get(i), "run").json()).as(stored.get(i)).isEqualTo(before.get(i));
        }
        // What no run stored, longer lists too, is scored from what friends did by now.
        World now = World.read(jdbc);
        PublishedRuns.assertRanking(
                people("?venue_id=" + other, "live"), "user_id", now.companions(user, other, STORED));
        PublishedRuns.assertRanking(
                people("?limit=20&venue_id=" + best, "live"), "user_id", now.companions(user, best, 20));
        assertThat(now.companions(user, best, STORED))
                .extracting(World.Expected::id)
                .contains(friend);

        assertThat(PublishedRuns.publish(runs).id()).isGreaterThan(run.id());
        PublishedRuns.assertRanking(people("?venue_id=" + best, "run"), "user_id", now.companions(user, best, STORED));
    }

    @Test
    void pagesThatGoOnPastAStoredListHaveEverybodyOnce() {
        worldWithRun(62);
        List<World.Expected> ranking = atRun.companions(user, best, PEOPLE);
        List<String> friends =
                ranking.stream().map(entry -> entry.id().toString()).toList();
        String tenAPage = "?limit=10&venue_id=" + best;
        String sevenAPage = "?limit=7&venue_id=" + best;
        String longer = "?limit=11&venue_id=" + best;

        // Now before the end of the first page, where the stored list does not have him.
        likeOften(ranking.get(11).id(), best);

        assertThat(pages(tenAPage))
                .hasSameSizeAs(friends)
                .startsWith(friends.subList(0, 10).toArray(String[]::new));
        for (String query : List.of(tenAPage, sevenAPage, longer)) {
            assertThat(pages(query)).as(query).containsExactlyInAnyOrderElementsOf(friends);
        }
        // Pages may change their length on the way.
        assertThat(pages(longer, 3)).containsExactlyInAnyOrderElementsOf(friends);
        assertThat(pages(tenAPage, 17)).containsExactlyInAnyOrderElementsOf(friends);
        assertThat(pages(sevenAPage, 17)).containsExactlyInAnyOrderElementsOf(friends);
        // Behind the stored ones all others are in the order of now, also on the page that has of both.
        List<String> behind = World.read(jdbc).companions(user, best, PEOPLE).stream()
                .map(entry -> entry.id().toString())
                .filter(id -> friends.indexOf(id) >= STORED)
                .toList();
        assertThat(pages(sevenAPage).subList(STORED, friends.size()))
                .startsWith(ranking.get(11).id().toString())
                .isEqualTo(behind);
        assertThat(pages(tenAPage).subList(STORED, friends.size())).isEqualTo(behind);
    }

    @Test
    void pagesOfALongerListStayInItsOwnOrder() {
        worldWithRun(67);
        List<World.Expected> ranking = atRun.companions(user, best, PEOPLE);

        ranking.subList(STORED, STORED + 9).forEach(entry -> likeOften(entry.id(), best));

        List<String> now = World.read(jdbc).companions(user, best, PEOPLE).stream()
                .map(entry -> entry.id().toString())
                .toList();
        for (int limit = 1; limit <= 4; limit++) {
            assertThat(pages("?limit=11&venue_id=" + best, limit)).isEqualTo(now);
        }
    }

    @Test
    void aStoredListIsWholeIfItHasAllFriends() {
        World.build(jdbc, 68, PEOPLE, 30);
        List<UUID> users = World.read(jdbc).users();
        befriend(users.get(0), STORED);
        befriend(users.get(1), STORED + 1);
        atRun = World.read(jdbc);
        PublishedRuns.publish(runs);

        for (int i = 0; i < 2; i++) {
            user = users.get(i);
            best = atRun.venues(user, 1).get(0).id();
            Http.Answer answer = people("?limit=20&venue_id=" + best, i == 0 ? "run" : "live");
            PublishedRuns.assertRanking(answer, "user_id", atRun.companions(user, best, 20));
            assertThat(answer.json()).hasSize(STORED + i);
            String people = "/reco/venues/" + user + "?with_people=20&limit=1";
            assertThat(http.get(people).json().at("/0/people")).hasSize(STORED + i);
        }
    }

    private void befriend(UUID user, int friends) {
        jdbc.sql("delete from user_social_edges where user_id = ?").param(user).update();
        jdbc.sql("""
                        insert into user_social_edges (user_id, other_user_id, relationship_type, strength)
                        select ?, id, 'friend', 0.5 from users where id <> ? order by id limit ?
                        """).params(user, user, friends).update();
    }

    @Test
    void aPageOfAKeptRunIsNotShortForWhoIsGone() {
        Run run = worldWithRun(69);
        List<String> stored = new ArrayList<>(atRun.companions(user, best, STORED).stream()
                .map(entry -> entry.id().toString())
                .toList());

        http.delete("/users/" + stored.remove(1));

        assertThat(pages("?limit=3&venue_id=" + best + "&run=" + run.id())).isEqualTo(stored);
    }

    /** By now he would be far behind, had the pages not begun with what the run stored. */
    @Test
    void whoIsOnAStoredPageIsOnNoLaterOne() {
        worldWithRun(65);
        // All as close, so that taste decides.
        jdbc.sql("update user_social_edges set strength = 0.5 where user_id = ?")
                .param(user)
                .update();
        UUID fan =
                World.read(jdbc).companions(user, best, PEOPLE).get(PEOPLE - 2).id();
        likeOften(fan, best);
        PublishedRuns.publish(runs);

        jdbc.sql("delete from user_venue_interactions where user_id = ?")
                .param(fan)
                .update();

        List<String> walked = pages("?limit=10&venue_id=" + best);
        assertThat(walked.subList(0, STORED)).contains(fan.toString());
        assertThat(walked).hasSize(PEOPLE - 1).doesNotHaveDuplicates();
    }

    @Test
    void pagesGoOnBehindAStoredOneWhoseLastFriendIsGone() {
        worldWithRun(64);
        List<World.Expected> ranking = atRun.companions(user, null, PEOPLE);
        int limit = 2;
        while (ranking.get(limit - 1).score() != ranking.get(limit - 2).score()) {
            limit++;
        }
        Http.Answer first = people("?limit=" + limit, "run");
        Http.Answer firstAtBest = people("?limit=3&venue_id=" + best, "run");
        for (Http.Answer page : List.of(first, firstAtBest)) {
            List<String> shown = page.json().findValuesAsString("user_id");
            http.delete("/users/" + user + "/friends/" + shown.get(shown.size() - 1));
        }
        World now = World.read(jdbc);
        // Who is equal to the one who left, and before him.
        assertThat(now.companions(user, null, PEOPLE)).contains(ranking.get(limit - 2));

        assertGoesOn(first, now.companions(user, null, PEOPLE));
        assertGoesOn(firstAtBest, now.companions(user, best, PEOPLE));
    }

    private void assertGoesOn(Http.Answer first, List<World.Expected> ranking) {
        List<String> shown = first.json().findValuesAsString("user_id");
        Http.Answer second = http.get(first.next().orElseThrow());
        assertThat(second.header("Luna-Source")).contains("live");
        assertThat(second.json().findValuesAsString("user_id"))
                .isEqualTo(ranking.stream()
                        .map(entry -> entry.id().toString())
                        .filter(id -> !shown.contains(id))
                        .limit(shown.size())
                        .toList());
    }

    @Test
    void companionsAtAVenueOfAnotherCategoryAreScoredAnew() {
        Run run = worldWithRun(63);
        String query = "?venue_id=" + best;
        String asItWas = query + "&run=" + run.id();
        JsonNode before = people(asItWas, "run").json();
        String category = category(best);
        World now = null;
        for (String next : List.of("\"bar\"", "\"cafe\"", "null", "\"new\"")) {
            if (next.equals(category)) {
                continue;
            }
            assertThat(http.patch("/venues/" + best, "{\"category\": %s}".formatted(next))
                            .status())
                    .isEqualTo(200);
            now = World.read(jdbc);
            PublishedRuns.assertRanking(people(query, "live"), "user_id", now.companions(user, best, STORED));
            assertWithPeople(now, "live");
            assertThat(people(asItWas, "run").json()).isEqualTo(before);
        }
        http.patch("/venues/" + best, "{\"category\": %s}".formatted(category));
        PublishedRuns.assertRanking(people(query, "run"), "user_id", atRun.companions(user, best, STORED));
        assertWithPeople(atRun, "run");
    }

    private void assertWithPeople(World world, String source) {
        Http.Answer answer = http.get("/reco/venues/" + user + "?with_people=3&limit=1");
        List<JsonNode> people = new ArrayList<>();
        answer.json().at("/0/people").forEach(people::add);
        assertThat(answer.header("Luna-Source")).contains(source);
        PublishedRuns.assertEntries("with_people", people, "user_id", world.companions(user, best, 3));
    }

    /** Everybody is a friend of one user, whose best venue has stored companions. */
    private Run worldWithRun(long seed) {
        World.build(jdbc, seed, PEOPLE, 30);
        user = World.read(jdbc).users().get(0);
        jdbc.sql("""
                        insert into user_social_edges (user_id, other_user_id, relationship_type, strength)
                        select ?, id, 'friend', (1 + row_number() over (order by id) * 7 % 17) / 19.0
                        from users where id <> ?
                        on conflict (user_id, other_user_id) do nothing
                        """).params(user, user).update();
        atRun = World.read(jdbc);
        best = atRun.venues(user, 1).get(0).id();
        return PublishedRuns.publish(runs);
    }

    private Http.Answer people(String query, String source) {
        Http.Answer answer = http.get("/reco/people/" + user + query);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(answer.header("Luna-Source")).as(query).contains(source);
        return answer;
    }

    private List<String> pages(String query) {
        return pages(query, 0);
    }

    /** @param limit of all pages but the first; 0 for the same */
    private List<String> pages(String query, int limit) {
        Http.Answer page = http.get("/reco/people/" + user + query);
        List<String> union = new ArrayList<>(page.json().findValuesAsString("user_id"));
        while (page.next().isPresent()) {
            String next = page.next().get();
            page = http.get(limit == 0 ? next : next.replaceFirst("limit=\\d+", "limit=" + limit));
            union.addAll(page.json().findValuesAsString("user_id"));
        }
        return union;
    }

    /** More than any taste there is. */
    private void likeOften(UUID friend, UUID venue) {
        for (int i = 0; i < 4; i++) {
            like(friend, venue);
        }
    }

    /** As JSON. */
    private String category(UUID venue) {
        return http.get("/venues/" + venue).json().path("category").toString();
    }
}
