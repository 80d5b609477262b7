package dev.luna.api.reco;

import dev.luna.api.web.TextRules;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Arrays;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;

/**
 * Reads {@code GET /reco/venues/{user_id}} with limit and filters, written as nearly all clients write them. Knows no errors:
 * whatever is written otherwise, asked for beside them, or wrong, is not ordinary and left to {@link RecoController}.
 */
final class OrdinaryQuestion {

    private static final int UUID_LENGTH = 36;
    private static final String LIMIT = "limit=";
    private static final Set<String> ACCEPTS = Set.of(
            "*/*", MediaType.APPLICATION_JSON_VALUE, "application/json, */*", "application/json, text/plain, */*");
    private static final Pattern LIMITS = Pattern.compile("[1-9][0-9]{0,2}|" + RecoController.MAX_LIMIT);
    private static final Pattern PRICE_LEVEL = Pattern.compile("[1-" + VenueFilter.MAX_PRICE_LEVEL + "]");
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,5}(\\.[0-9]{1,15})?");
    private static final double MAX_RATING = Double.parseDouble(VenueFilter.MAX_RATING);
    private static final double MAX_DISTANCE_KM = Double.parseDouble(VenueFilter.MAX_DISTANCE_KM);

    private int limit = RecoController.DEFAULT_LIMIT;
    private @Nullable List<String> categories;
    private @Nullable Integer maxPriceLevel;
    private @Nullable Double minRating;
    private @Nullable Double maxDistanceKm;
    private @Nullable String exclude;
    private @Nullable List<UUID> excludedVenues;

    private OrdinaryQuestion() {}

    /** What is asked; null when the request is not an ordinary one. */
    static @Nullable VenueQuestion of(HttpServletRequest request) {
        String path = request.getServletPath();
        if (!request.getMethod().equals("GET")
                || request.getPathInfo() != null
                || path.length() != OrdinaryReads.PATH.length() + UUID_LENGTH
                || !acceptsJson(request)) {
            return null;
        }
        String userId = path.substring(OrdinaryReads.PATH.length());
        OrdinaryQuestion question = new OrdinaryQuestion();
        if (!TextRules.isUuid(userId) || !question.read(request)) {
            return null;
        }
        VenueFilter filter = VenueFilter.of(
                question.categories,
                question.maxPriceLevel,
                question.minRating,
                question.maxDistanceKm,
                question.exclude,
                question.excludedVenues);
        return new VenueQuestion(UUID.fromString(userId), filter, question.limit, false, null, null);
    }

    /** Only what takes JSON beyond doubt; wishes with weights or exceptions are weighed elsewhere. */
    private static boolean acceptsJson(HttpServletRequest request) {
        String accept = request.getHeader(HttpHeaders.ACCEPT);
        return accept == null || ACCEPTS.contains(accept) && isOnly(request.getHeaders(HttpHeaders.ACCEPT));
    }

    private static boolean isOnly(Enumeration<String> lines) {
        lines.nextElement();
        return !lines.hasMoreElements();
    }

    private boolean read(HttpServletRequest request) {
        String query = request.getQueryString();
        if (query == null) {
            return true;
        }
        if (query.startsWith(LIMIT) && query.indexOf('&') < 0) {
            return readLimit(query.substring(LIMIT.length()));
        }
        for (Map.Entry<String, String[]> parameter : request.getParameterMap().entrySet()) {
            if (!read(parameter.getKey(), parameter.getValue())) {
                return false;
            }
        }
        return true;
    }

    private boolean read(String name, String[] values) {
        switch (name) {
            case "category":
                categories = List.of(values);
                return categories.stream().allMatch(text -> !text.isEmpty() && TextRules.isStorable(text));
            case "exclude_venue_id":
                if (!Arrays.stream(values).allMatch(TextRules::isUuid)) {
                    return false;
                }
                excludedVenues = Arrays.stream(values).map(UUID::fromString).toList();
                return true;
            default:
                return values.length == 1 && readSingle(name, values[0]);
        }
    }

    private boolean readSingle(String name, String value) {
        switch (name) {
            case "limit":
                return readLimit(value);
            case "max_price_level":
                maxPriceLevel = PRICE_LEVEL.matcher(value).matches() ? Integer.valueOf(value) : null;
                return maxPriceLevel != null;
            case "min_rating":
                minRating = number(value, MAX_RATING);
                return minRating != null;
            case "max_distance_km":
                maxDistanceKm = number(value, MAX_DISTANCE_KM);
                return maxDistanceKm != null;
            case "exclude":
                exclude = value;
                return value.equals("visited");
            default:
                return false;
        }
    }

    private boolean readLimit(String value) {
        boolean isLimit = LIMITS.matcher(value).matches();
        if (isLimit) {
            limit = Integer.parseInt(value);
        }
        return isLimit;
    }

    private static @Nullable Double number(String text, double most) {
        if (!NUMBER.matcher(text).matches()) {
            return null;
        }
        Double number = Double.valueOf(text);
        return number <= most ? number : null;
    }
}
