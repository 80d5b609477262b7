package dev.luna.api.reco;

import static org.assertj.core.api.Assertions.assertThat;

import dev.luna.api.web.ServerTest;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

class LikesBeforeARunIT extends ServerTest {

    @Autowired
    private VenueIndexLoader loader;

    @Test
    void theyAreThoseOfTheCountWhileItServesAndVenuesAreOfNow() {
        World.build(jdbc, 81, 4, 20);
        World world = World.read(jdbc);
        UUID liked = world.mostLikedVenue();
        VenueIndexLoader.Loaded counted = load(null);
        assertThat(counted.interactions()).isEqualTo(number("select count(*) from user_venue_interactions"));

        like(world.users().get(0), liked);
        http.patch("/venues/" + world.venue(2), "{\"name\": \"Renamed\"}");
        http.post("/venues", "{\"name\": \"New\", \"lat\": 52.52, \"lng\": 13.42}");

        VenueIndexLoader.Loaded serving = load(counted);
        assertThat(serving.index().current().size()).isEqualTo(21);
        assertThat(serving.index().details().name(venue(serving, world.venue(2))))
                .isEqualTo("Renamed");
        assertThat(serving.catalogVersion()).isGreaterThan(counted.catalogVersion());
        assertThat(serving.databaseSnapshot()).isEqualTo(counted.databaseSnapshot());
        assertThat(serving.interactions()).isEqualTo(counted.interactions());
        for (int i = 0; i < 20; i++) {
            assertThat(likes(serving, world.venue(i))).isEqualTo(likes(counted, world.venue(i)));
        }
        assertThat(serving.index().current().maxLikes())
                .isEqualTo(counted.index().current().maxLikes());

        VenueIndexLoader.Loaded again = load(null);
        assertThat(likes(again, liked)).isEqualTo(likes(counted, liked) + 1);
        assertThat(again.index().current().maxLikes()).isEqualTo(likes(again, liked));
    }

    private VenueIndexLoader.Loaded load(VenueIndexLoader.Loaded previous) {
        return loader.load(null, previous).orElseThrow();
    }

    private static int likes(VenueIndexLoader.Loaded loaded, UUID id) {
        return loaded.index().current().likes(venue(loaded, id));
    }

    private static int venue(VenueIndexLoader.Loaded loaded, UUID id) {
        return loaded.index().current().indexOf(id);
    }

    private long number(String query) {
        return jdbc.sql(query).query(Long.class).single();
    }
}
