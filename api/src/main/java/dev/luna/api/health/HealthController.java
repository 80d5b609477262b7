package dev.luna.api.health;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Tag(name = "Health", description = "Whether it serves, and from which run")
class HealthController {

    private static final Logger log = LoggerFactory.getLogger(HealthController.class);

    private final DatabaseProbe probe;

    HealthController(DatabaseProbe probe) {
        this.probe = probe;
    }

    @GetMapping("/health")
    @Operation(operationId = "health", summary = "Whether the service can answer, and how old the rankings are")
    @ApiResponse(responseCode = "200", description = "Healthy")
    @ApiResponse(
            responseCode = "503",
            description = "The database is away",
            content = @Content(schema = @Schema(implementation = Health.class)))
    ResponseEntity<Health> health() throws InterruptedException {
        try {
            return ResponseEntity.ok(Health.healthy(probe.publishedRun().orElse(null)));
        } catch (TimeoutException e) {
            return unhealthy("The database does not answer in time.");
        } catch (ExecutionException e) {
            log.warn("The database cannot be reached: {}", String.valueOf(e.getCause()));
            return unhealthy("The database cannot be reached.");
        }
    }

    private static ResponseEntity<Health> unhealthy(String detail) {
        return ResponseEntity.status(HttpStatus.SERVICE_UNAVAILABLE).body(Health.unhealthy(detail));
    }
}
