package dev.luna.batch.reads;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Every combination of the filters of ranked venues, with values that leave some venues and take some away. */
public final class Filters {

    /**
     * One combination.
     *
     * @param name the filters' names
     * @param query their part of the query string
     */
    public record Combination(String name, String query) {}

    private record Filter(String name, String query) {}

    private Filters() {}

    /** All but the empty one: 63. The two commonest categories and the most liked venue stand in for a person's choice. */
    public static List<Combination> of(JdbcClient jdbc) {
        String categories = jdbc.sql("""
                        select category from venues where category is not null
                        group by category order by count(*) desc, category limit 2
                        """).query(String.class).list().stream()
                .map(category -> "category=" + URLEncoder.encode(category, StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        String mostLiked = jdbc.sql("""
                        select v.venue_id::text
                        from published_run p
                        join run n on n.id = p.run_id
                        join run_venue v on v.run_id = coalesce(n.base_run_id, n.id)
                        order by v.likes desc, v.venue_id limit 1
                        """).query(String.class).single();
        List<Filter> filters = List.of(
                new Filter("category", categories.isEmpty() ? "category=none" : categories),
                new Filter("max_price_level", "max_price_level=2"),
                new Filter("min_rating", "min_rating=3.5"),
                new Filter("max_distance_km", "max_distance_km=5"),
                new Filter("exclude", "exclude=visited"),
                new Filter("exclude_venue_id", "exclude_venue_id=" + mostLiked));
        List<Combination> combinations = new ArrayList<>();
        for (int chosen = 1; chosen < 1 << filters.size(); chosen++) {
            List<Filter> parts = new ArrayList<>();
            for (int i = 0; i < filters.size(); i++) {
                if ((chosen >> i & 1) == 1) {
                    parts.add(filters.get(i));
                }
            }
            combinations.add(new Combination(
                    parts.stream().map(Filter::name).collect(Collectors.joining(" ")),
                    parts.stream().map(Filter::query).collect(Collectors.joining("&"))));
        }
        return combinations;
    }
}
