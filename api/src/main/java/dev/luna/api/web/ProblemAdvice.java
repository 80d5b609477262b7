package dev.luna.api.web;

import dev.luna.batch.database.Causes;
import dev.luna.batch.database.Disconnection;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.TypeMismatchException;
import org.springframework.context.MessageSourceResolvable;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.PessimisticLockingFailureException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.validation.Errors;
import org.springframework.validation.method.ParameterErrors;
import org.springframework.validation.method.ParameterValidationResult;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.ServletWebRequest;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.method.annotation.HandlerMethodValidationException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import org.springframework.web.servlet.resource.NoResourceFoundException;
import tools.jackson.core.JacksonException;

/** Turns every failure behind the dispatcher into problem+json that names the field, what came and what was expected. */
@RestControllerAdvice
class ProblemAdvice extends ResponseEntityExceptionHandler {

    private static final Logger log = LoggerFactory.getLogger(ProblemAdvice.class);

    @Override
    protected @Nullable ResponseEntity<Object> handleMethodArgumentNotValid(
            MethodArgumentNotValidException ex, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        return invalidBody(ex, invalidFields(ex), request);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleHandlerMethodValidationException(
            HandlerMethodValidationException ex, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        if (ex.isForReturnValue()) {
            return unexpected(ex, request);
        }
        List<InvalidField> ofParameters = new ArrayList<>();
        for (ParameterValidationResult result : ex.getValueResults()) {
            for (MessageSourceResolvable error : result.getResolvableErrors()) {
                ofParameters.add(new InvalidField(
                        SnakeCase.of(result.getMethodParameter()),
                        String.valueOf(error.getDefaultMessage()),
                        result.getArgument()));
            }
        }
        List<InvalidField> ofBody = new ArrayList<>();
        for (ParameterErrors result : ex.getBeanResults()) {
            boolean isBody = result.getMethodParameter().hasParameterAnnotation(RequestBody.class);
            (isBody ? ofBody : ofParameters).addAll(invalidFields(result));
        }
        return ofParameters.isEmpty()
                ? invalidBody(ex, ofBody, request)
                : invalid(ex, HttpStatus.BAD_REQUEST, ofParameters, request);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleTypeMismatch(
            TypeMismatchException ex, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        String name = ex instanceof MethodArgumentTypeMismatchException argument
                ? SnakeCase.of(argument.getParameter())
                : String.valueOf(ex.getPropertyName());
        InvalidField error =
                new InvalidField(name, InvalidField.expectation(ex.getRequiredType(), "parameter"), ex.getValue());
        return invalid(ex, HttpStatus.BAD_REQUEST, List.of(error), request);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleMissingServletRequestParameter(
            MissingServletRequestParameterException ex,
            HttpHeaders headers,
            HttpStatusCode status,
            WebRequest request) {
        InvalidField error = new InvalidField(ex.getParameterName(), "is needed", null);
        return invalid(ex, HttpStatus.BAD_REQUEST, List.of(error), request);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleHttpMessageNotReadable(
            HttpMessageNotReadableException ex, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        return unreadable(ex, ex.getCause(), request);
    }

    @ExceptionHandler
    @Nullable
    ResponseEntity<Object> handleReadInController(JacksonException ex, WebRequest request) {
        return unreadable(ex, ex, request);
    }

    private @Nullable ResponseEntity<Object> unreadable(Exception ex, @Nullable Throwable reason, WebRequest request) {
        ProblemDetail body = Causes.of(ex)
                .filter(RefusedBodyException.class::isInstance)
                .map(refused -> ((RefusedBodyException) refused).problem())
                .findFirst()
                .orElseGet(() -> UnreadableBody.problem(reason));
        return handleExceptionInternal(ex, body, new HttpHeaders(), HttpStatusCode.valueOf(body.getStatus()), request);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleHttpRequestMethodNotSupported(
            HttpRequestMethodNotSupportedException ex, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        Set<HttpMethod> supported = ex.getSupportedHttpMethods();
        ex.getBody()
                .setDetail("%s is not supported here; supported: %s"
                        .formatted(ex.getMethod(), supported == null ? "none" : supported));
        return super.handleHttpRequestMethodNotSupported(ex, headers, status, request);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleHttpMediaTypeNotSupported(
            HttpMediaTypeNotSupportedException ex, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        // As sent: what the framework takes a missing one for is no client's word.
        String form = request.getHeader(HttpHeaders.CONTENT_TYPE);
        String read = ex.getSupportedMediaTypes().stream()
                .filter(MediaType::isConcrete)
                .map(MediaType::toString)
                .collect(Collectors.joining(" or "));
        ex.getBody().setDetail("Content-Type is %s; expected %s".formatted(form == null ? "missing" : form, read));
        return super.handleHttpMediaTypeNotSupported(ex, headers, status, request);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleNoResourceFoundException(
            NoResourceFoundException ex, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        return problem(ex, HttpStatus.NOT_FOUND, "Nothing is served at this path; /docs lists all calls.", request);
    }

    /** The database is away, overloaded or full; the request was fine and may be repeated. */
    @ExceptionHandler({
        DataAccessResourceFailureException.class,
        CannotCreateTransactionException.class,
        QueryTimeoutException.class
    })
    @Nullable
    ResponseEntity<Object> handleDatabaseAway(Exception ex, WebRequest request) {
        if (DatabaseFailure.isNoRoom(ex)) {
            warn("The database has no room left", ex, request);
            return unavailable(
                    ex, "The database has no room left, on disk or in memory. Make room there and try again.", request);
        }
        warn("The database does not answer", ex, request);
        return unavailable(ex, "The database does not answer; try again, and see /health.", request);
    }

    /** It waited for others too long, or PostgreSQL chose it to give way to them, such as an import; nothing was done. */
    @ExceptionHandler(PessimisticLockingFailureException.class)
    @Nullable
    ResponseEntity<Object> handleGivingWay(Exception ex, WebRequest request) {
        warn("Gave way to other writers", ex, request);
        return unavailable(
                ex,
                "Another transaction, such as an import, holds what this call needs; nothing was changed, try again.",
                request);
    }

    /** In one line: Spring's messages have the whole statement, and the server's the stack of its functions. */
    private static void warn(String what, Exception ex, WebRequest request) {
        HttpServletRequest http = ((ServletWebRequest) request).getRequest();
        String reason = NestedExceptionUtils.getMostSpecificCause(ex).toString();
        log.warn("{}: {} {}: {}", what, http.getMethod(), http.getRequestURI(), reason.split("\\R", 2)[0]);
    }

    private @Nullable ResponseEntity<Object> unavailable(Exception ex, String detail, WebRequest request) {
        ProblemException problem = ProblemException.unavailable(detail);
        return handleExceptionInternal(ex, problem.getBody(), problem.getHeaders(), problem.getStatusCode(), request);
    }

    @ExceptionHandler
    @Nullable
    ResponseEntity<Object> handleUnexpected(Exception ex, WebRequest request) {
        if (DatabaseFailure.isReadOnly(ex)) {
            warn("The database only reads", ex, request);
            return unavailable(
                    ex, "The database only reads just now, as a standby does; nothing was done, try again.", request);
        }
        if (DatabaseFailure.isLockTimeout(ex)) {
            return handleGivingWay(ex, request);
        }
        // Spring does not tell when it was lost in a transaction: the rollback's own failure is all that is thrown.
        if (Disconnection.isCauseOf(ex)) {
            return handleDatabaseAway(ex, request);
        }
        return unexpected(ex, request);
    }

    private @Nullable ResponseEntity<Object> unexpected(Exception ex, WebRequest request) {
        HttpServletRequest http = ((ServletWebRequest) request).getRequest();
        log.error("{} {} failed", http.getMethod(), http.getRequestURI(), ex);
        return problem(ex, HttpStatus.INTERNAL_SERVER_ERROR, ContainerErrors.detail(500), request);
    }

    private @Nullable ResponseEntity<Object> invalidBody(Exception ex, List<InvalidField> errors, WebRequest request) {
        return invalid(ex, HttpStatus.UNPROCESSABLE_CONTENT, errors, request);
    }

    private static List<InvalidField> invalidFields(Errors body) {
        return body.getFieldErrors().stream()
                .map(error -> new InvalidField(
                        SnakeCase.of(error.getField()),
                        String.valueOf(error.getDefaultMessage()),
                        error.getRejectedValue()))
                .sorted(InvalidField.ORDER)
                .toList();
    }

    /** A client who has gone gets no answer, and is no fault of the server's: its log must not grow with them. */
    @Override
    protected @Nullable ResponseEntity<Object> handleExceptionInternal(
            Exception ex, @Nullable Object body, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        HttpServletResponse response = ((ServletWebRequest) request).getResponse();
        boolean isBegun = response != null && response.isCommitted();
        if (isBegun && Causes.of(ex).anyMatch(IOException.class::isInstance)) {
            log.debug("A client has gone", ex);
            return null;
        }
        return super.handleExceptionInternal(ex, body, headers, status, request);
    }

    /** Problems have one form, whatever the client wanted of a success. */
    @Override
    protected ResponseEntity<Object> createResponseEntity(
            @Nullable Object body, HttpHeaders headers, HttpStatusCode statusCode, WebRequest request) {
        return ResponseEntity.status(statusCode)
                .headers(headers)
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(body);
    }

    private @Nullable ResponseEntity<Object> problem(
            Exception ex, HttpStatus status, String detail, WebRequest request) {
        return handleExceptionInternal(
                ex, ProblemDetail.forStatusAndDetail(status, detail), new HttpHeaders(), status, request);
    }

    private @Nullable ResponseEntity<Object> invalid(
            Exception ex, HttpStatus status, List<InvalidField> errors, WebRequest request) {
        ProblemDetail body = ProblemException.problem(status, errors);
        return handleExceptionInternal(ex, body, new HttpHeaders(), status, request);
    }
}
