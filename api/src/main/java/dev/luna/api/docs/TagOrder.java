package dev.luna.api.docs;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.tags.Tag;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springdoc.core.customizers.OpenApiCustomizer;

/** Lists every tag once, described, in the order in which the pages show them. Descriptions stand at the controllers. */
final class TagOrder implements OpenApiCustomizer {

    private static final List<String> ORDER = List.of(
            "Recommendations", "Users", "Friends", "Venues", "Interactions", "Plans", "Bookings", "Runs", "Health");

    @Override
    public void customise(OpenAPI document) {
        Map<String, Tag> tags = new HashMap<>();
        for (Tag tag : document.getTags()) {
            // A tag comes once per controller; one of them describes it.
            tags.merge(tag.getName(), tag, (a, b) -> a.getDescription() == null ? b : a);
        }
        document.setTags(tags.values().stream()
                .sorted(Comparator.comparingInt((Tag tag) -> placeOf(tag)).thenComparing(Tag::getName))
                .toList());
    }

    private static int placeOf(Tag tag) {
        int place = ORDER.indexOf(tag.getName());
        return place < 0 ? ORDER.size() : place;
    }
}
