package dev.luna.api.web;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.springframework.http.HttpHeaders;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerMapping;

/**
 * Calls answer in JSON, unless they declare another form, and say so before they do anything. The framework alone would
 * write a success as {@code application/problem+json} for a client that reads problems too, and takes {@code q=0} for
 * acceptable.
 */
final class JsonAnswers extends CallInterceptor {

    private static final Set<MediaType> JSON = Set.of(MediaType.APPLICATION_JSON);

    /** With more of them the framework fails, but not before it writes the answer to what was done. */
    private static final int MOST_RANGES = 50;

    @Override
    void check(HttpServletRequest request, HandlerMethod call) throws HttpMediaTypeNotAcceptableException {
        @SuppressWarnings("unchecked")
        Set<MediaType> declared =
                (Set<MediaType>) request.getAttribute(HandlerMapping.PRODUCIBLE_MEDIA_TYPES_ATTRIBUTE);
        if (declared == null && call.isVoid()) {
            // Nothing but problems has a body here, and generated clients of such calls ask for those only.
            return;
        }
        Set<MediaType> forms = declared == null ? JSON : declared;
        List<MediaType> ranges = ranges(Collections.list(request.getHeaders(HttpHeaders.ACCEPT)), forms);
        if (forms.stream().noneMatch(form -> isAcceptable(ranges, form))) {
            throw new HttpMediaTypeNotAcceptableException(List.copyOf(forms));
        }
        request.setAttribute(HandlerMapping.PRODUCIBLE_MEDIA_TYPES_ATTRIBUTE, forms);
    }

    private static List<MediaType> ranges(List<String> accept, Set<MediaType> forms)
            throws HttpMediaTypeNotAcceptableException {
        try {
            List<MediaType> ranges = MediaType.parseMediaTypes(accept);
            if (ranges.size() <= MOST_RANGES) {
                return ranges;
            }
        } catch (InvalidMediaTypeException e) {
            // Refused below, as too many are.
        }
        throw new HttpMediaTypeNotAcceptableException(List.copyOf(forms));
    }

    /** Whether a client takes a form: what it says most closely about it decides (RFC 9110, 12.5.1). */
    private static boolean isAcceptable(List<MediaType> ranges, MediaType form) {
        return ranges.isEmpty()
                || ranges.stream()
                        .filter(range -> range.includes(form))
                        .min(Comparator.comparingInt(JsonAnswers::breadth))
                        .filter(closest -> closest.getQualityValue() > 0)
                        .isPresent();
    }

    private static int breadth(MediaType range) {
        return range.isWildcardType() ? 2 : range.isWildcardSubtype() ? 1 : 0;
    }
}
