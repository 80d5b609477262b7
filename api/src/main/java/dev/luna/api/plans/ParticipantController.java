package dev.luna.api.plans;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Tag(name = "Plans")
class ParticipantController {

    private static final String FORBIDDEN_STEP =
            "The state of the plan does not allow it; allowed_steps says what it does";
    private static final String FORBIDDEN_TO_ORGANIZER =
            "The state of the plan does not allow it, or the person organises it; allowed_steps says what is possible";

    private final Plans plans;

    ParticipantController(Plans plans) {
        this.plans = plans;
    }

    @PutMapping("/plans/{plan_id}/participants/{user_id}")
    @Operation(
            operationId = "invite",
            summary = "Invite a user to a pending plan",
            description = "Who declined is invited again; who is invited or coming stays so.")
    @ApiResponse(responseCode = "200", description = "He is in the plan already")
    @ApiResponse(responseCode = "201", description = "Invited")
    @ApiResponse(
            responseCode = "409",
            description = FORBIDDEN_STEP + ". Or the plan has " + PlanStore.MOST_PARTICIPANTS + " participants")
    ResponseEntity<Plan> invite(@PathVariable("plan_id") UUID planId, @PathVariable("user_id") UUID userId) {
        boolean isNew = plans.invite(planId, userId);
        return ResponseEntity.status(isNew ? HttpStatus.CREATED : HttpStatus.OK).body(plans.read(planId));
    }

    @PostMapping("/plans/{plan_id}/participants/{user_id}/accept")
    @Operation(operationId = "acceptInvitation", summary = "Say that a participant comes")
    @ApiResponse(responseCode = "200", description = "The plan, which the person has accepted")
    @ApiResponse(responseCode = "409", description = FORBIDDEN_STEP)
    Plan accept(@PathVariable("plan_id") UUID planId, @PathVariable("user_id") UUID userId) {
        return plans.answer(planId, userId, ParticipantStatus.ACCEPTED);
    }

    @PostMapping("/plans/{plan_id}/participants/{user_id}/decline")
    @Operation(operationId = "declineInvitation", summary = "Say that a participant does not come")
    @ApiResponse(responseCode = "200", description = "The plan, which the person has declined")
    @ApiResponse(responseCode = "409", description = FORBIDDEN_TO_ORGANIZER)
    Plan decline(@PathVariable("plan_id") UUID planId, @PathVariable("user_id") UUID userId) {
        return plans.answer(planId, userId, ParticipantStatus.DECLINED);
    }

    @DeleteMapping("/plans/{plan_id}/participants/{user_id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(operationId = "leavePlan", summary = "Take a participant out of a plan")
    @ApiResponse(responseCode = "204", description = "He is not in the plan any more")
    @ApiResponse(responseCode = "409", description = FORBIDDEN_TO_ORGANIZER)
    void leave(@PathVariable("plan_id") UUID planId, @PathVariable("user_id") UUID userId) {
        plans.leave(planId, userId);
    }
}
