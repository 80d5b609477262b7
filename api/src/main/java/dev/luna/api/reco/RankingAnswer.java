package dev.luna.api.reco;

import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Documents what every ranking answers: its order, where it comes from, and how to ask again. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ApiResponse(
        responseCode = "200",
        description = "The exact top; equal scores are ordered by id",
        headers = {
            @Header(
                    name = "Luna-Run",
                    description = "The published run's id; none before the first",
                    schema = @Schema(type = "string")),
            @Header(
                    name = "Luna-Snapshot",
                    description = "The moment whose inputs the run ranks",
                    schema = @Schema(type = "string", format = "date-time")),
            @Header(
                    name = "Luna-Source",
                    description = "run: as stored by the run. live: scored for this request",
                    schema =
                            @Schema(
                                    type = "string",
                                    allowableValues = {"run", "live"})),
            @Header(
                    name = "ETag",
                    description = "On answers that do not depend on what the user just did",
                    schema = @Schema(type = "string"))
        })
@ApiResponse(responseCode = "304", description = "Unchanged since the ETag of If-None-Match")
@interface RankingAnswer {}
