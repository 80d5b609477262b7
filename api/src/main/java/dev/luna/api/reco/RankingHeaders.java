package dev.luna.api.reco;

import dev.luna.api.web.Page;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;

/** What the headers of a ranking say: where it comes from, how long it holds, and where it goes on. */
@Component
class RankingHeaders {

    private final CacheLifetime lifetime;

    RankingHeaders(CacheLifetime lifetime) {
        this.lifetime = lifetime;
    }

    /** The beginning of an answer of the given status. */
    ResponseEntity.BodyBuilder with(int status, Answer<?> answer) {
        ResponseEntity.BodyBuilder builder = ResponseEntity.status(status);
        each(answer, Page::linkToNext, builder::header);
        return builder;
    }

    /**
     * Hands over each header of an answer, by name and value.
     *
     * @param linkToNext makes the value of a Link header of a cursor
     */
    void each(Answer<?> answer, UnaryOperator<String> linkToNext, BiConsumer<String, String> header) {
        header.accept("Luna-Run", answer.runId() == null ? "none" : Long.toString(answer.runId()));
        header.accept("Luna-Snapshot", answer.snapshotAt().toString());
        header.accept("Luna-Source", answer.isStored() ? "run" : "live");
        header.accept(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING);
        if (answer.nextCursor() != null) {
            header.accept(HttpHeaders.LINK, linkToNext.apply(answer.nextCursor()));
        }
        if (answer.validator() == null) {
            header.accept(HttpHeaders.CACHE_CONTROL, "no-store");
            return;
        }
        // Weak: gzip makes other bytes of the same answer.
        header.accept(HttpHeaders.ETAG, "W/\"" + answer.validator() + "\"");
        header.accept(
                HttpHeaders.CACHE_CONTROL, String.valueOf(lifetime.ofAnswer().getHeaderValue()));
    }
}
