package dev.luna.api.plans;

import static org.assertj.core.api.Assertions.assertThat;

import dev.luna.api.web.Http;
import dev.luna.api.web.ServerTest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

class PlansIT extends ServerTest {

    private Evening evening;
    private String ada;
    private String bob;

    @BeforeEach
    void adaAndBob() {
        evening = new Evening(http);
        ada = evening.user("ada");
        bob = evening.user("bob");
    }

    @Test
    void theOrganizerHasAcceptedAndOthersAreInvited() {
        Http.Answer created = http.post("/plans", evening.body(ada, "2099-01-31T20:00:00+01:00", bob, bob, ada));

        assertThat(created.status()).isEqualTo(201);
        JsonNode plan = created.json();
        assertThat(created.header("Location").orElseThrow())
                .endsWith("/plans/" + plan.path("id").asString());
        assertThat(List.copyOf(plan.propertyNames()))
                .containsExactly(
                        "id",
                        "organizer_id",
                        "venue_id",
                        "start_time",
                        "status",
                        "state",
                        "created_at",
                        "participants");
        assertThat(plan.path("status").asString()).isEqualTo("pending");
        assertThat(plan.path("state").asString()).isEqualTo("pending");
        assertThat(plan.path("start_time").asString()).isEqualTo("2099-01-31T19:00:00Z");
        assertThat(standings(plan)).containsExactlyInAnyOrder("ada accepted", "bob invited");
        assertThat(http.get("/plans/" + plan.path("id").asString()).json()).isEqualTo(plan);
    }

    @Test
    void aStartIsInTheFutureAndHasAnOffset() {
        Http.Answer past = http.post("/plans", evening.body(ada, "2020-01-31T20:00:00Z"));
        Http.Answer local = http.post("/plans", evening.body(ada, "2099-01-31T20:00:00"));

        assertThat(past.status()).isEqualTo(422);
        assertThat(past.json().at("/errors/0/field").asString()).isEqualTo("start_time");
        assertThat(local.status()).isEqualTo(400);
        assertThat(local.detail()).contains("start_time", "offset");
    }

    @Test
    void aStartIsKeptToTheMicrosecond() {
        Http.Answer last = http.post("/plans", evening.body(ada, "9999-12-31T23:59:59.9999999Z"));
        String path = "/plans/" + last.json().path("id").asString();

        assertThat(last.status()).isEqualTo(201);
        assertThat(last.json().path("start_time").asString()).isEqualTo("9999-12-31T23:59:59.999999Z");
        assertThat(http.get(path).json()).isEqualTo(last.json());
        assertThat(http.patch(path, "{\"start_time\": \"2099-05-01T20:00:00.1234567Z\"}")
                        .json()
                        .path("start_time")
                        .asString())
                .isEqualTo("2099-05-01T20:00:00.123456Z");
    }

    @Test
    void unknownPeopleAndPlacesAreNamed() {
        String nobody = UUID.randomUUID().toString();

        assertThat(http.post("/plans", evening.body(nobody, Evening.tomorrow())).detail())
                .contains("No user", nobody);
        assertThat(http.post("/plans", evening.body(ada, Evening.tomorrow(), nobody))
                        .detail())
                .contains("No user", nobody);
        for (String query : List.of("", "?invite_top=1")) {
            String nowhere = evening.body(ada, Evening.tomorrow()).replace(evening.bar(), nobody);
            assertThat(http.post("/plans" + query, nowhere).detail()).contains("No venue", nobody);
        }
        assertThat(http.get("/plans?user_id=" + ada).json().size()).isZero();
    }

    @Test
    void inviteTopInvitesTheBestCompanionsForTheVenue() {
        String cleo = evening.user("cleo");
        String dora = evening.user("dora");
        befriend(bob, 0.4);
        befriend(cleo, 0.9);
        befriend(dora, 0.5);
        // Dora's likes of the bar: 0.6 * 0.5 + 0.25 * 1 = 0.55, Cleo 0.54, Bob 0.24.
        for (int i = 0; i < 2; i++) {
            like(dora, evening.bar());
        }

        JsonNode plan = http.post("/plans?invite_top=2", evening.body(ada, Evening.tomorrow()))
                .json();

        assertThat(standings(plan)).containsExactlyInAnyOrder("ada accepted", "dora invited", "cleo invited");
        assertThat(http.post("/plans?invite_top=-1", evening.body(ada, Evening.tomorrow()))
                        .status())
                .isEqualTo(400);
    }

    @Test
    void aCompanionWhoIsDeletedMeanwhileIsNotMissed(@Autowired Plans plans) {
        PlanFields fields = new PlanFields(
                UUID.fromString(ada),
                UUID.fromString(evening.bar()),
                Instant.parse(Evening.tomorrow()),
                List.of(UUID.fromString(bob)));

        Plan plan = plans.create(fields, List.of(UUID.randomUUID(), UUID.fromString(bob)));

        assertThat(plan.participants()).extracting(Participant::handle).containsExactlyInAnyOrder("ada", "bob");
    }

    @Test
    void plansOfAUserComeLatestFirstAndPageByPage() {
        List<String> expected = new ArrayList<>();
        for (int day = 1; day <= 5; day++) {
            JsonNode plan = http.post("/plans", evening.body(bob, "2099-01-0%dT20:00:00Z".formatted(day), ada))
                    .json();
            expected.add(0, plan.path("id").asString());
        }
        // Those that start together come in the order of their ids.
        jdbc.sql(
                        "update plans set start_time = '2099-01-03T20:00:00.123456Z' where start_time between '2099-01-02' and '2099-01-05'")
                .update();
        expected.subList(1, 4).sort(null);
        http.post("/plans", evening.body(bob, Evening.tomorrow()));

        List<String> walked = new ArrayList<>();
        String next = "/plans?user_id=" + ada + "&limit=2";
        while (next != null) {
            Http.Answer page = http.get(next);
            page.json().forEach(plan -> walked.add(plan.path("id").asString()));
            next = page.next().orElse(null);
        }

        assertThat(walked).isEqualTo(expected);
        next = http.get("/plans?user_id=" + ada + "&limit=2").next().orElseThrow();
        for (String other : List.of(next.replace(ada, bob), next + "&status=confirmed")) {
            assertThat(http.get(other).detail()).startsWith("cursor: must come from a page of the same list");
        }
        assertThat(http.get("/plans?user_id=" + ada + "&status=confirmed")
                        .json()
                        .size())
                .isZero();
        assertThat(http.get("/plans?user_id=" + ada + "&status=pending").json().size())
                .isEqualTo(5);
        assertThat(http.get("/plans?user_id=" + ada + "&status=done").status()).isEqualTo(400);
        assertThat(http.get("/plans?user_id=" + UUID.randomUUID()).status()).isEqualTo(404);
    }

    @Test
    void timeAndVenueChangeWhilePending() {
        String path = "/plans/" + evening.plan(ada, bob);
        String club = evening.venue("Club");

        Http.Answer changed =
                http.patch(path, "{\"venue_id\": \"%s\", \"start_time\": \"2099-05-01T20:00:00Z\"}".formatted(club));

        assertThat(changed.status()).isEqualTo(200);
        assertThat(changed.json().path("venue_id").asString()).isEqualTo(club);
        assertThat(changed.json().path("start_time").asString()).isEqualTo("2099-05-01T20:00:00Z");
        assertThat(http.patch(path, "{\"start_time\": \"2020-05-01T20:00:00Z\"}")
                        .status())
                .isEqualTo(422);
        assertThat(http.patch(path, "{\"start_time\": \"+10000-01-01T00:00:00Z\"}")
                        .detail())
                .startsWith("start_time: must be before ");
        assertThat(http.patch(path, "{\"start_time\": null}").status()).isEqualTo(422);
        assertThat(http.patch(path, "{\"status\": \"confirmed\"}").status()).isEqualTo(400);
        assertThat(http.patch(path, "{\"venue_id\": \"%s\"}".formatted(ada)).status())
                .isEqualTo(404);
        // A start that has passed may stay as it is.
        jdbc.sql("update plans set start_time = now() - interval '1 hour'").update();
        assertThat(http.patch(path, "{\"venue_id\": \"%s\"}".formatted(evening.bar()))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void peopleAreInvitedAnswerAndLeave() {
        String plan = evening.plan(ada);
        String participant = "/plans/" + plan + "/participants/" + bob;

        assertThat(http.post(participant + "/accept", "").status()).isEqualTo(404);
        assertThat(http.put(participant, "").status()).isEqualTo(201);
        assertThat(http.put(participant, "").status()).isEqualTo(200);
        assertThat(standings(http.post(participant + "/accept", "").json())).contains("bob accepted");
        assertThat(standings(http.put(participant, "").json())).contains("bob accepted");
        assertThat(standings(http.post(participant + "/decline", "").json())).contains("bob declined");
        assertThat(standings(http.put(participant, "").json())).contains("bob invited");
        assertThat(http.delete(participant).status()).isEqualTo(204);
        assertThat(http.delete(participant).status()).isEqualTo(404);
        assertThat(standings(http.get("/plans/" + plan).json())).containsExactly("ada accepted");
    }

    @Test
    void peopleAreInTheOrderOfTheirInvitations() {
        String plan = "/plans/" + evening.plan(ada);
        List<String> expected = new ArrayList<>(List.of("ada accepted"));
        for (String guest : List.of("gus", "eve", "hal", "fay")) {
            http.put(plan + "/participants/" + evening.user(guest), "");
            expected.add(guest + " invited");
        }

        assertThat(standings(http.get(plan).json())).isEqualTo(expected);
    }

    @Test
    void theOrganizerComesFirst() {
        boolean isInOrder = ada.compareTo(bob) < 0;
        String organizer = isInOrder ? bob : ada;

        JsonNode plan = http.post("/plans", evening.body(organizer, Evening.tomorrow(), isInOrder ? ada : bob))
                .json();

        assertThat(plan.at("/participants/0/user_id").asString()).isEqualTo(organizer);
    }

    @Test
    void theOrganizerCannotDeclineOrLeave() {
        String organizer = "/plans/" + evening.plan(ada) + "/participants/" + ada;

        assertThat(http.post(organizer + "/accept", "").status()).isEqualTo(200);
        for (Http.Answer refused : List.of(http.post(organizer + "/decline", ""), http.delete(organizer))) {
            assertThat(refused.status()).isEqualTo(409);
            assertThat(refused.detail()).contains("organises", "cancel");
        }
    }

    @Test
    void aPlanHasFiftyPeopleAtMost() {
        String[] guests = guests(50);
        befriend(bob, 0.4);
        String full = evening.body(ada, Evening.tomorrow(), Arrays.copyOf(guests, 49));

        Http.Answer plan = http.post("/plans", full);
        Http.Answer oneInvitedMore =
                http.put("/plans/" + plan.json().path("id").asString() + "/participants/" + bob, "");
        List<Http.Answer> tooMany = List.of(
                http.post("/plans", evening.body(ada, Evening.tomorrow(), guests)),
                http.post("/plans?invite_top=1", full));

        assertThat(plan.status()).isEqualTo(201);
        assertThat(plan.json().path("participants").size()).isEqualTo(50);
        assertThat(http.get("/plans/" + plan.json().path("id").asString() + "/reco")
                        .status())
                .isEqualTo(200);
        assertThat(oneInvitedMore.status()).isEqualTo(409);
        assertThat(oneInvitedMore.detail()).contains("50 participants");
        assertThat(oneInvitedMore.json().path("state").asString()).isEqualTo("pending");
        assertThat(oneInvitedMore.json().path("allowed_steps").toString())
                .contains("change")
                .doesNotContain("invite");
        for (Http.Answer refused : tooMany) {
            assertThat(refused.status()).isEqualTo(422);
            assertThat(refused.json().at("/errors/0/field").asString()).isEqualTo("participants");
            assertThat(refused.detail()).endsWith("but was 51");
        }
    }

    private String[] guests(int count) {
        return jdbc.sql("""
                        insert into users (handle, name) select 'guest' || i, 'Guest' from generate_series(1, ?) i
                        returning id::text
                        """).param(count).query(String.class).list().toArray(String[]::new);
    }

    @Test
    void aDeletedParticipantIsOutAndAnOrganizerOrVenueCannotBeDeleted() {
        String plan = evening.plan(ada, bob);

        assertThat(http.delete("/users/" + bob).status()).isEqualTo(204);
        assertThat(standings(http.get("/plans/" + plan).json())).containsExactly("ada accepted");
        assertThat(http.delete("/users/" + ada).status()).isEqualTo(409);
        assertThat(http.delete("/venues/" + evening.bar()).status()).isEqualTo(409);
    }

    private void befriend(String friend, double strength) {
        http.put("/users/%s/friends/%s".formatted(ada, friend), "{\"strength\": %s}".formatted(strength));
    }

    static List<String> standings(JsonNode plan) {
        List<String> standings = new ArrayList<>();
        plan.path("participants")
                .forEach(person -> standings.add(person.path("handle").asString() + " "
                        + person.path("status").asString()));
        return standings;
    }
}
