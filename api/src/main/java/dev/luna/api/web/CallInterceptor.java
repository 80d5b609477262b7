package dev.luna.api.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;

/**
 * Looks at what comes to this API's own calls before they do anything. Those of libraries are left alone, and so is the page
 * of errors: what the container reports there still has the query and the headers of a request about something else.
 */
abstract class CallInterceptor implements HandlerInterceptor {

    private static final String CALLS = "dev.luna.api";

    /** Throws what the request is to be refused with. */
    abstract void check(HttpServletRequest request, HandlerMethod call) throws HttpMediaTypeNotAcceptableException;

    @Override
    public final boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler)
            throws HttpMediaTypeNotAcceptableException {
        if (handler instanceof HandlerMethod call
                && call.getBeanType().getPackageName().startsWith(CALLS)
                && !ErrorController.class.isAssignableFrom(call.getBeanType())) {
            check(request, call);
        }
        return true;
    }
}
