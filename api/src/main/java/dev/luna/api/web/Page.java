package dev.luna.api.web;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.function.Function;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/** One page of a list that is paged by its sort key. */
public final class Page {

    /** The largest number of rows a page may have. */
    public static final int MAX_LIMIT = 1000;

    /** The number of rows of a page when the client does not say; a text because annotations need one. */
    public static final String DEFAULT_LIMIT = "100";

    private Page() {}

    /**
     * The answer for one page: the rows, and a Link to the next page when there is one.
     *
     * @param rows up to {@code limit + 1} rows; the one too many only shows that there is a next page
     * @param cursorAfter the cursor of the page that follows a row
     */
    public static <T> ResponseEntity<List<T>> of(List<T> rows, int limit, Function<T, String> cursorAfter) {
        if (rows.size() <= limit) {
            return ResponseEntity.ok(rows);
        }
        List<T> page = rows.subList(0, limit);
        return ResponseEntity.ok()
                .header(HttpHeaders.LINK, linkToNext(cursorAfter.apply(page.get(limit - 1))))
                .body(page);
    }

    /** The value of a Link header: the current call again, with another cursor. */
    public static String linkToNext(String cursor) {
        return linkToNext(
                ((ServletRequestAttributes) RequestContextHolder.currentRequestAttributes()).getRequest(), cursor);
    }

    /** The value of a Link header: a call again, its query as it came, with another cursor. */
    public static String linkToNext(HttpServletRequest request, String cursor) {
        StringBuilder link = new StringBuilder(256)
                .append('<')
                .append(request.getRequestURL())
                .append('?');
        String query = request.getQueryString();
        if (query != null) {
            for (String parameter : query.split("&")) {
                if (!parameter.isEmpty() && !parameter.equals("cursor") && !parameter.startsWith("cursor=")) {
                    link.append(parameter).append('&');
                }
            }
        }
        return link.append("cursor=").append(cursor).append(">; rel=\"next\"").toString();
    }
}
