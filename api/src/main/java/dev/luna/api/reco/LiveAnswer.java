package dev.luna.api.reco;

import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Documents an answer that is scored for each request. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ApiResponse(
        responseCode = "200",
        description = "The exact top; equal scores are ordered by id",
        headers = {
            @Header(
                    name = "Luna-Run",
                    description = "The published run whose popularity and profile were used; none before the first",
                    schema = @Schema(type = "string")),
            @Header(
                    name = "Luna-Snapshot",
                    description = "The moment whose inputs that run ranks",
                    schema = @Schema(type = "string", format = "date-time")),
            @Header(
                    name = "Luna-Source",
                    description = "live: scored for this request",
                    schema = @Schema(type = "string", allowableValues = "live"))
        })
@interface LiveAnswer {}
