package dev.luna.api.web;

import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.accept.HeaderContentNegotiationStrategy;
import org.springframework.web.context.request.NativeWebRequest;

/**
 * What a client accepts, without the parameters of the types. No form that is answered has any: JSON is UTF-8 (RFC 8259,
 * 8.1), whatever charset is asked for. The framework alone would copy them to the answer, and fail to write it in that
 * charset after everything has been done.
 */
final class AcceptedTypes extends HeaderContentNegotiationStrategy {

    @Override
    public List<MediaType> resolveMediaTypes(NativeWebRequest request) throws HttpMediaTypeNotAcceptableException {
        return super.resolveMediaTypes(request).stream()
                .map(type -> new MediaType(type.getType(), type.getSubtype(), type.getQualityValue()))
                .toList();
    }
}
