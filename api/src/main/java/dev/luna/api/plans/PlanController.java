package dev.luna.api.plans;

import dev.luna.api.idempotency.Idempotency;
import dev.luna.api.idempotency.IdempotencyKey;
import dev.luna.api.reco.BestCompanions;
import dev.luna.api.web.Cursor;
import dev.luna.api.web.DescribedBody;
import dev.luna.api.web.MergePatch;
import dev.luna.api.web.Page;
import dev.luna.api.web.ProblemException;
import dev.luna.api.web.Wire;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;
import tools.jackson.databind.node.ObjectNode;

@RestController
@Tag(name = "Plans", description = "Evenings with others: made, answered, booked, called off")
class PlanController {

    private static final char CURSOR_TAG = 'p';

    private final Plans plans;
    private final PlanStore store;
    private final BestCompanions companions;
    private final MergePatch mergePatch;
    private final Idempotency idempotency;

    PlanController(
            Plans plans, PlanStore store, BestCompanions companions, MergePatch mergePatch, Idempotency idempotency) {
        this.plans = plans;
        this.store = store;
        this.companions = companions;
        this.mergePatch = mergePatch;
        this.idempotency = idempotency;
    }

    @PostMapping("/plans")
    @Operation(
            operationId = "createPlan",
            summary = "Make a plan",
            description = "The organizer takes part and has accepted; everybody else is invited.")
    @ApiResponse(responseCode = "201", description = "Created; Location names the plan")
    @ApiResponse(responseCode = "404", description = "There is no such user or venue")
    @ApiResponse(responseCode = "409", description = "The request with this Idempotency-Key is in flight")
    ResponseEntity<Plan> create(
            @IdempotencyKey @RequestHeader(name = IdempotencyKey.NAME, required = false) @Nullable String key,
            @Valid @RequestBody PlanFields fields,
            @Parameter(description = "How many of the organizer's best companions for the venue to invite as well")
                    @RequestParam(name = "invite_top", defaultValue = "0")
                    @Min(0)
                    @Max(PlanStore.MOST_PARTICIPANTS - 1)
                    int inviteTop) {
        // Before the transaction: they may have to wait for what must not be waited for with a connection in hand.
        List<UUID> best = inviteTop == 0 ? List.of() : companions.at(fields.organizerId(), fields.venueId(), inviteTop);
        return idempotency.inOneTransaction(key, List.of(fields, inviteTop), Plan.class, () -> {
            Plan plan = plans.create(fields, best);
            return ResponseEntity.created(ServletUriComponentsBuilder.fromCurrentContextPath()
                            .path("/plans/{id}")
                            .build(plan.id()))
                    .body(plan);
        });
    }

    @GetMapping("/plans")
    @Operation(operationId = "listPlans", summary = "List a user's plans, the latest start first, page by page")
    @ApiResponse(responseCode = "200", description = "A page of plans")
    @ApiResponse(responseCode = "404", description = "The user does not exist")
    ResponseEntity<List<Plan>> list(
            @Parameter(description = "Who takes part, is invited or has declined") @RequestParam("user_id") UUID userId,
            @Parameter(description = "Only plans of this status", schema = @Schema(implementation = PlanStatus.class))
                    @RequestParam(required = false)
                    @Nullable
                    String status,
            @RequestParam(defaultValue = Page.DEFAULT_LIMIT) @Min(1) @Max(Page.MAX_LIMIT) int limit,
            @RequestParam(required = false) @Nullable String cursor) {
        PlanStatus wanted = status == null ? null : Wire.read(PlanStatus.class, "status", status);
        long question = Cursor.question(userId, wanted);
        List<Plan> rows = store.list(userId, wanted, positionOf(cursor, question), limit + 1);
        if (rows.isEmpty() && !store.userExists(userId)) {
            throw ProblemException.unknown("user", userId);
        }
        return Page.of(rows, limit, plan -> Cursor.after(CURSOR_TAG, question, micros(plan.startTime()), plan.id()));
    }

    @GetMapping("/plans/{plan_id}")
    @Operation(operationId = "getPlan", summary = "One plan with its participants")
    Plan get(@PathVariable("plan_id") UUID planId) {
        return plans.read(planId);
    }

    @PatchMapping(
            path = "/plans/{plan_id}",
            consumes = {MediaType.APPLICATION_JSON_VALUE, "application/merge-patch+json"})
    @Operation(
            operationId = "changePlan",
            summary = "Change time or venue of a pending plan",
            description = "An absent field stays as it is (RFC 7396).",
            requestBody =
                    @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            content =
                                    @Content(
                                            schema = @Schema(implementation = PlanChangeFields.class),
                                            examples =
                                                    @ExampleObject("{\"start_time\": \"2099-01-31T21:00:00+01:00\"}"))))
    @ApiResponse(responseCode = "200", description = "The plan after the change")
    @ApiResponse(
            responseCode = "409",
            description = "The plan's state does not allow it; allowed_steps says what it does")
    Plan change(@PathVariable("plan_id") UUID planId, @DescribedBody @RequestBody ObjectNode change) {
        return plans.change(planId, current -> mergePatch.apply(current, change, PlanChangeFields.class));
    }

    private static PlanStore.@Nullable Position positionOf(@Nullable String cursor, long question) {
        if (cursor == null) {
            return null;
        }
        Cursor position = Cursor.read(cursor, CURSOR_TAG, question, 24);
        return new PlanStore.Position(Instant.EPOCH.plus(position.nextNumber(), ChronoUnit.MICROS), position.nextId());
    }

    private static long micros(Instant instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    }
}
