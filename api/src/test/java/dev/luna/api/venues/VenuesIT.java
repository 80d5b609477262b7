package dev.luna.api.venues;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.luna.api.web.Http;
import dev.luna.api.web.ServerTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class VenuesIT extends ServerTest {

    @Test
    void aNewVenueIsCreatedAndFoundAtItsLocation() {
        Http.Answer created = http.post("/venues", """
                {"name": "Café Morgenrot", "description": "Late breakfast", "category": "cafe", "lat": 52.54,
                 "lng": 13.41, "price_level": 2, "rating": 4.5}
                """);

        assertThat(created.status()).isEqualTo(201);
        String id = created.json().path("id").asString();
        assertThat(created.header("Location").orElseThrow()).endsWith("/venues/" + id);
        assertThat(http.get("/venues/" + id).json()).isEqualTo(created.json());
        assertThat(created.json().propertyNames())
                .containsExactly(
                        "id", "name", "description", "category", "lat", "lng", "price_level", "rating", "created_at");
    }

    @Test
    void aVenueNeedsANameAndAPlace() {
        Http.Answer answer = http.post("/venues", "{\"price_level\": 5, \"rating\": -0.1}");

        assertThat(answer.status()).isEqualTo(422);
        assertThat(texts(answer.json().path("errors"), "field"))
                .containsExactly("lat", "lng", "name", "price_level", "rating");
    }

    @Test
    void aChangeKeepsWhatIsAbsentAndClearsWhatIsNull() {
        String path = "/venues/" + venue("Bar", "bar", 1, 2, "3", "4.0");

        Http.Answer changed = http.patch(path, "{\"rating\": null, \"category\": \"pub\"}");

        assertThat(changed.status()).isEqualTo(200);
        assertThat(changed.json().get("rating").isNull()).isTrue();
        assertThat(changed.json().path("category").asString()).isEqualTo("pub");
        assertThat(changed.json().path("price_level").asInt()).isEqualTo(3);
        assertThat(http.patch(path, "{\"lat\": null}").status()).isEqualTo(422);
    }

    @Test
    void aPlannedVenueStaysUntilThePlanIsGone() {
        String bar = venue("Bar", "bar", 1, 2, null, null);
        jdbc.sql("""
                        with ada as (insert into users (handle, name) values ('ada', 'Ada') returning id)
                        insert into plans (organizer_id, venue_id, start_time)
                        select id, ?::uuid, now() from ada
                        """).param(bar).update();

        assertThat(http.delete("/venues/" + bar).status()).isEqualTo(409);
        jdbc.sql("delete from plans").update();
        assertThat(http.delete("/venues/" + bar).status()).isEqualTo(204);
        assertThat(http.get("/venues/" + bar).status()).isEqualTo(404);
    }

    @Test
    void filtersCombineAndUnknownValuesDoNotPass() {
        venue("A", "bar", 0, 0, "1", "4.5");
        venue("B", "Food, Drinks", 0, 0, "2", "3.0");
        venue("C", "cafe", 0, 0, null, null);

        assertThat(names("/venues?category=bar&category=cafe")).containsExactlyInAnyOrder("A", "C");
        assertThat(names("/venues?category=Food,%20Drinks")).containsExactly("B");
        assertThat(names("/venues?max_price_level=2")).containsExactlyInAnyOrder("A", "B");
        assertThat(names("/venues?min_rating=3.5")).containsExactly("A");
        assertThat(names("/venues?category=bar&max_price_level=1&min_rating=4.5"))
                .containsExactly("A");
        assertThat(names("/venues?category=bar&min_rating=4.6")).isEmpty();
    }

    @Test
    void nearOrdersByDistanceAndRadiusCuts() {
        // One degree of latitude is 6371.0 * pi / 180 = 111.194927 km.
        venue("two degrees", "x", 2, 0, null, null);
        venue("here", "x", 0, 0, null, null);
        venue("one degree", "x", 1, 0, null, null);

        Http.Answer all = http.get("/venues?near=0,0");

        assertThat(texts(all.json(), "name")).containsExactly("here", "one degree", "two degrees");
        assertThat(all.json().at("/0/distance_km").asDouble()).isZero();
        assertThat(all.json().at("/1/distance_km").asDouble()).isCloseTo(111.194927, within(1e-6));
        assertThat(names("/venues?near=0,0&radius_km=111.2")).containsExactly("here", "one degree");
        assertThat(names("/venues?near=0,0&radius_km=111.19")).containsExactly("here");
        assertThat(names("/venues?near=0,0&radius_km=0")).containsExactly("here");
    }

    @ParameterizedTest
    @CsvSource({
        "  0,    0,   500",
        " 89.9,  20,  300",
        "-90,    0,   1000",
        " 10,    179.99, 200",
        " 65,   -179.9,  800",
        " 52.5,  13.4,   30",
        "-33,    151,    20015.1",
        " 80,    0,      1200"
    })
    void aCircleHasExactlyTheVenuesWithinIt(double lat, double lng, double radiusKm) {
        Random random = new Random(42);
        List<double[]> places = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            // A third anywhere, a third close by, a third on the poles and the antimeridian.
            double[] place =
                    switch (i % 3) {
                        case 0 -> new double[] {random.nextDouble() * 180 - 90, random.nextDouble() * 360 - 180};
                        case 1 ->
                            new double[] {
                                Math.max(-90, Math.min(90, lat + random.nextGaussian() * 3)),
                                Math.max(-180, Math.min(180, lng + random.nextGaussian() * 3))
                            };
                        default ->
                            new double[] {
                                random.nextBoolean() ? 90 : random.nextDouble() * 180 - 90,
                                random.nextBoolean() ? 180 : -180
                            };
                    };
            places.add(place);
            jdbc.sql("insert into venues (name, lat, lng) values (?, ?, ?)")
                    .params("v" + i, place[0], place[1])
                    .update();
        }

        List<String> found = names("/venues?limit=1000&near=%s,%s&radius_km=%s"
                .formatted(lat, lng, radiusKm)
                .replace(" ", ""));

        List<String> expected = new ArrayList<>();
        for (int i = 0; i < places.size(); i++) {
            if (kilometres(lat, lng, places.get(i)[0], places.get(i)[1]) <= radiusKm) {
                expected.add("v" + i);
            }
        }
        assertThat(found).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void pagesByDistanceHoldEveryVenueOnceEvenWithEqualDistances() {
        for (int i = 0; i < 10; i++) {
            venue("v" + i, "x", i / 4, 0, null, null);
        }
        List<String> unpaged = names("/venues?near=0,0");

        List<String> walked = new ArrayList<>();
        String next = "/venues?near=0,0&limit=3";
        while (next != null) {
            Http.Answer page = http.get(next);
            assertThat(page.status()).isEqualTo(200);
            walked.addAll(texts(page.json(), "name"));
            next = page.next().orElse(null);
        }

        assertThat(walked).hasSize(10).isEqualTo(unpaged);
    }

    @Test
    void tinyCoordinatesDoNotUnderflow() {
        venue("almost zero", "x", 4.9e-324, 4.9e-324, null, null);
        venue("zero", "x", 0, 0, null, null);

        assertThat(http.get("/venues?near=0.00000000000000000001,0&radius_km=1").status())
                .isEqualTo(200);
        assertThat(names("/venues?near=0,0&radius_km=0")).contains("zero");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "near=91,0                | near",
                "near=0,181               | near",
                "near=NaN,0               | near",
                "near=1e1,0               | near",
                "near=5                   | near",
                "near=1,2,3               | near",
                "radius_km=5              | radius_km",
                "near=0,0&radius_km=-1    | radius_km",
                "near=0,0&radius_km=NaN   | radius_km",
                "max_price_level=0        | max_price_level",
                "max_price_level=5        | max_price_level",
                "max_price_level=cheap    | max_price_level",
                "min_rating=5.1           | min_rating",
                "limit=0                  | limit",
                "limit=1001               | limit",
                "limit=1&limit=2          | limit",
                "cursor=abc               | cursor",
                "colour=red               | colour"
            })
    void aBadParameterIsNamed(String query, String parameter) {
        Http.Answer answer = http.get("/venues?" + query);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.header("Content-Type").orElseThrow()).startsWith("application/problem+json");
        assertThat(answer.json().at("/errors/0/field").asString()).isEqualTo(parameter);
    }

    @Test
    void aCursorOfAnotherOrderIsRefused() {
        venue("A", "x", 0, 0, null, null);
        venue("B", "x", 0, 0, null, null);
        String byId = http.get("/venues?limit=1").next().orElseThrow();

        assertThat(http.get(byId + "&near=0,0").status()).isEqualTo(400);
        assertThat(http.get("/users" + byId.substring(byId.indexOf('?'))).status())
                .isEqualTo(400);
    }

    @Test
    void aCursorOfAnotherQuestionIsRefused() {
        venue("A", "x", 0, 0, null, null);
        venue("B", "x", 0, 0, null, null);
        for (String[] other :
                new String[][] {{"?near=0,0", "?near=0,90"}, {"?near=0,0", "?near=0,0&category=x"}, {"?", "?category=x"}
                }) {
            String next = http.get("/venues" + other[0] + "&limit=1").next().orElseThrow();
            String cursor = next.substring(next.indexOf("cursor="));

            Http.Answer refused = http.get("/venues" + other[1] + "&limit=1&" + cursor);

            assertThat(refused.status()).as(other[1]).isEqualTo(400);
            assertThat(refused.detail())
                    .startsWith("cursor: must come from a page of the same list with the same filters");
            assertThat(http.get("/venues" + other[0] + "&limit=2&" + cursor)
                            .json()
                            .size())
                    .isEqualTo(1);
        }
    }

    @Test
    void unknownVenuesAreNotFound() {
        String nobody = "/venues/" + UUID.randomUUID();

        assertThat(http.get(nobody).status()).isEqualTo(404);
        assertThat(http.patch(nobody, "{}").status()).isEqualTo(404);
        assertThat(http.delete(nobody).status()).isEqualTo(404);
    }

    private String venue(String name, String category, double lat, double lng, String price, String rating) {
        return http.post("/venues", String.format(Locale.ROOT, """
                                {"name": "%s", "category": "%s", "lat": %s, "lng": %s, "price_level": %s, "rating": %s}
                                """, name, category, lat, lng, price, rating))
                .json()
                .path("id")
                .asString();
    }

    private List<String> names(String path) {
        return texts(http.get(path).json(), "name");
    }

    private static List<String> texts(JsonNode array, String field) {
        List<String> texts = new ArrayList<>();
        array.forEach(entry -> texts.add(entry.path(field).asString()));
        return texts;
    }

    private static double kilometres(double lat1, double lng1, double lat2, double lng2) {
        double halfLat = Math.sin(Math.toRadians(lat2 - lat1) / 2);
        double halfLng = Math.sin(Math.toRadians(lng2 - lng1) / 2);
        double h =
                halfLat * halfLat + Math.cos(Math.toRadians(lat1)) * Math.cos(Math.toRadians(lat2)) * halfLng * halfLng;
        return 2 * 6371.0 * Math.asin(Math.min(1, Math.sqrt(h)));
    }
}
