package dev.luna.api.reco;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.luna.api.web.Http;
import dev.luna.api.web.ProblemException;
import dev.luna.api.web.ServerTest;
import dev.luna.batch.run.Runs;
import dev.luna.batch.scoring.ScoringProfile;
import dev.luna.batch.scoring.VenueCatalog;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.transaction.PlatformTransactionManager;
import tools.jackson.databind.JsonNode;

class VenueReasonIT extends ServerTest {

    @Autowired
    private Runs runs;

    @Autowired
    private PublishedReads reads;

    @Autowired
    private VenueIndexes indexes;

    @Autowired
    private PlatformTransactionManager transactions;

    @Test
    void everyVenueSaysItsRankItsScoreAndTheLastOneIn() {
        World.build(jdbc, 51, 6, 40);
        World world = World.read(jdbc);
        PublishedRuns.publish(runs);
        UUID user = world.users().get(0);
        List<World.Expected> all = world.venues(user, 40);

        for (int i = 0; i < all.size(); i++) {
            JsonNode reason = why(user, all.get(i).id(), "limit=7");
            assertThat(reason.at("/venue/rank").asInt()).isEqualTo(i + 1);
            assertThat(reason.at("/venue/score").asDouble())
                    .isCloseTo(all.get(i).score(), within(1e-6));
            assertThat(reason.path("is_in_list").asBoolean()).isEqualTo(i < 7);
            assertThat(reason.at("/last_in_list/rank").asInt()).isEqualTo(7);
            assertThat(reason.at("/last_in_list/venue_id").asString())
                    .isEqualTo(all.get(6).id().toString());
            if (i < 7) {
                assertThat(reason.get("kept_out_by").isNull()).isTrue();
            } else {
                boolean isTied = all.get(i).score() == all.get(6).score();
                assertThat(reason.path("kept_out_by").asString()).endsWith(isTied ? "id" : "_score");
            }
        }
    }

    @Test
    void theFilterThatKeepsAVenueOutIsNamed() {
        String user = id(http.post(
                "/users", "{\"handle\": \"ada\", \"name\": \"Ada\", \"home_lat\": 52.5, \"home_lng\": 13.4}"));
        String bar = id(http.post("/venues", """
                {"name": "Bar", "category": "bar", "lat": 52.5, "lng": 13.4, "price_level": 3, "rating": 3}
                """));
        like(user, bar);

        for (String[] filterAndName : new String[][] {
            {"category=cafe", "category"},
            {"max_price_level=2", "max_price_level"},
            {"min_rating=3.5", "min_rating"},
            {"exclude=visited", "exclude"},
            {"exclude_venue_id=" + bar, "exclude_venue_id"}
        }) {
            JsonNode reason = why(UUID.fromString(user), UUID.fromString(bar), filterAndName[0]);
            assertThat(reason.path("kept_out_by").asString()).isEqualTo(filterAndName[1]);
            assertThat(reason.get("last_in_list").isNull()).isTrue();
        }
        http.patch("/users/" + user, "{\"home_lat\": 52.6}");
        assertThat(why(UUID.fromString(user), UUID.fromString(bar), "max_distance_km=11")
                        .path("kept_out_by")
                        .asString())
                .isEqualTo("max_distance_km");
    }

    @Test
    void theComponentThatCostsMostIsNamed() {
        String user = id(http.post(
                "/users", "{\"handle\": \"ada\", \"name\": \"Ada\", \"home_lat\": 52.5, \"home_lng\": 13.4}"));
        String near = id(http.post("/venues", "{\"name\": \"Near\", \"lat\": 52.5, \"lng\": 13.4}"));
        String far = id(http.post("/venues", "{\"name\": \"Far\", \"lat\": 53.5, \"lng\": 13.4}"));

        JsonNode reason = why(UUID.fromString(user), UUID.fromString(far), "limit=1");

        assertThat(reason.path("kept_out_by").asString()).isEqualTo("spatial_score");
        assertThat(reason.at("/last_in_list/venue_id").asString()).isEqualTo(near);
        assertThat(http.get("/reco/venues/" + user + "/why/" + user).status()).isEqualTo(404);
        assertThat(http.get("/reco/venues/" + far + "/why/" + far).status()).isEqualTo(404);
    }

    @Test
    void explanationsHoldTheFactsBehindEachComponent() {
        World.build(jdbc, 52, 6, 40);
        World world = World.read(jdbc);
        UUID user = world.users().get(0);
        UUID venue = world.venues(user, 1).get(0).id();
        http.post(
                "/venues/" + venue + "/interactions",
                "{\"user_id\": \"%s\", \"interaction_type\": \"view\", \"dwell_time\": 45}".formatted(user));
        PublishedRuns.publish(runs);
        long maxLikes = jdbc.sql("select max_likes from run").query(Long.class).single();

        Http.Answer answer = http.get("/reco/venues/" + user + "?limit=30&explain=true");

        assertThat(answer.header("Luna-Source")).contains("run");
        for (JsonNode item : answer.json()) {
            UUID id = UUID.fromString(item.path("venue_id").asString());
            JsonNode facts = item.path("facts");
            int likes = count("interaction_type <> 'view' and user_id = ?", id, user);
            int venueLikes = count("interaction_type <> 'view' and ? is not null", id, user);
            int seconds = jdbc.sql("""
                            select coalesce(sum(dwell_time), 0) from user_venue_interactions
                            where venue_id = ? and user_id = ?
                            """).params(id, user).query(Integer.class).single();
            assertThat(facts.path("likes").asInt()).isEqualTo(likes);
            assertThat(facts.path("dwell_seconds").asInt()).isEqualTo(seconds);
            assertThat(facts.path("venue_likes").asInt()).isEqualTo(venueLikes);
            assertThat(facts.path("max_likes").asLong()).isEqualTo(maxLikes);
            assertThat(item.path("preference_score").asDouble())
                    .isCloseTo(Math.min(1, 0.5 * likes + seconds / 300.0), within(1e-6));
            assertThat(item.path("popularity_score").asDouble())
                    .isCloseTo((double) venueLikes / maxLikes, within(1e-6));
        }
        assertThat(IntStream.range(0, 30)
                        .mapToLong(i ->
                                answer.json().path(i).at("/facts/dwell_seconds").asLong())
                        .sum())
                .isPositive();
    }

    /** The user acts whenever his interactions are about to be read. */
    @Test
    void factsAreOfTheMomentOfTheirComponents() {
        World.build(jdbc, 53, 6, 20);
        UUID user = World.read(jdbc).users().get(0);
        UUID venue = World.read(jdbc).venues(user, 1).get(0).id();
        LiveInputs busy = new LiveInputs(jdbc, transactions) {
            @Override
            Optional<Own> own(UUID userId, VenueCatalog venues, ScoringProfile profile) {
                jdbc.sql("""
                                insert into user_venue_interactions (user_id, venue_id, interaction_type, dwell_time)
                                values (?, ?, 'view', 1)
                                """).params(user, venue).update();
                return super.own(userId, venues, profile);
            }
        };
        VenueRecommendations recommendations = new VenueRecommendations(reads, indexes, busy);
        VenueQuestion question = new VenueQuestion(user, VenueFilter.NONE, 20, true, null, null);

        assertFactsFit(recommendations.top(question));
        jdbc.sql("delete from user_venue_interactions where user_id = ?")
                .param(user)
                .update();
        PublishedRuns.publish(runs);
        // The stored list answers until he acts, which is between its read and that of his interactions.
        Answer<RecommendedVenue> overtaken = recommendations.top(question);
        assertFactsFit(overtaken);
        assertThat(overtaken.isStored()).isFalse();
        assertThat(overtaken.validator()).isNull();
    }

    /** Deleted when his interactions are about to be read, of a list that is scored live. */
    @Test
    void whoGoesWhileHisListIsReadIsUnknown() {
        World.build(jdbc, 54, 6, 20);
        UUID user = World.read(jdbc).users().get(0);
        LiveInputs late = new LiveInputs(jdbc, transactions) {
            @Override
            Optional<Own> own(UUID userId, VenueCatalog venues, ScoringProfile profile) {
                jdbc.sql("delete from users where id = ?").param(userId).update();
                return super.own(userId, venues, profile);
            }
        };
        VenueQuestion question = new VenueQuestion(user, VenueFilter.NONE, 20, false, null, null);

        assertThatThrownBy(() -> new VenueRecommendations(reads, indexes, late).top(question))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining(user.toString());
    }

    private static void assertFactsFit(Answer<RecommendedVenue> answer) {
        assertThat(answer.items()).hasSize(20);
        for (RecommendedVenue item : answer.items()) {
            VenueFacts facts = Objects.requireNonNull(item.facts());
            assertThat(item.preferenceScore())
                    .isCloseTo(Math.min(1, 0.5 * facts.likes() + facts.dwellSeconds() / 300.0), within(1e-6));
        }
    }

    private JsonNode why(UUID user, UUID venue, String query) {
        Http.Answer answer = http.get("/reco/venues/" + user + "/why/" + venue + "?" + query);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.json();
    }

    private int count(String condition, UUID venue, UUID user) {
        return jdbc.sql("select count(*) from user_venue_interactions where venue_id = ? and " + condition)
                .params(venue, user)
                .query(Integer.class)
                .single();
    }

    private static String id(Http.Answer created) {
        return created.json().path("id").asString();
    }
}
