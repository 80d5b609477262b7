package dev.luna.api.users;

import dev.luna.api.web.Cursor;
import dev.luna.api.web.DescribedBody;
import dev.luna.api.web.MergePatch;
import dev.luna.api.web.Page;
import dev.luna.api.web.ProblemException;
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
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;
import tools.jackson.databind.node.ObjectNode;

@RestController
@Tag(name = "Users", description = "People, with a home or without")
class UserController {

    private static final char CURSOR_TAG = 'u';

    private final UserStore users;
    private final MergePatch mergePatch;

    UserController(UserStore users, MergePatch mergePatch) {
        this.users = users;
        this.mergePatch = mergePatch;
    }

    @PostMapping("/users")
    @Operation(operationId = "createUser", summary = "Create a user")
    @ApiResponse(responseCode = "201", description = "Created; Location names the user")
    @ApiResponse(responseCode = "409", description = "Handle already taken")
    ResponseEntity<User> create(@Valid @RequestBody UserFields fields) {
        User user = users.insert(fields.requireWholeHome());
        return ResponseEntity.created(ServletUriComponentsBuilder.fromCurrentContextPath()
                        .path("/users/{id}")
                        .build(user.id()))
                .body(user);
    }

    @GetMapping("/users")
    @Operation(operationId = "listUsers", summary = "List users by id, page by page")
    ResponseEntity<List<User>> list(
            @Parameter(
                            description =
                                    "Only users whose handle or name begins with this, in any case (as the database's locale knows upper and lower case)",
                            example = "ad")
                    @RequestParam(name = "q", required = false)
                    @Nullable
                    String prefix,
            @RequestParam(defaultValue = Page.DEFAULT_LIMIT) @Min(1) @Max(Page.MAX_LIMIT) int limit,
            @RequestParam(required = false) @Nullable String cursor) {
        long question = Cursor.question(prefix);
        UUID after = cursor == null
                ? null
                : Cursor.read(cursor, CURSOR_TAG, question, 16).nextId();
        return Page.of(
                users.list(after, prefix, limit + 1), limit, user -> Cursor.after(CURSOR_TAG, question, user.id()));
    }

    @GetMapping("/users/{user_id}")
    @Operation(operationId = "getUser", summary = "One user")
    User get(@PathVariable("user_id") UUID userId) {
        return users.find(userId).orElseThrow(() -> ProblemException.unknown("user", userId));
    }

    @PatchMapping(
            path = "/users/{user_id}",
            consumes = {MediaType.APPLICATION_JSON_VALUE, "application/merge-patch+json"})
    @Operation(
            operationId = "changeUser",
            summary = "Change a user",
            description = "An absent field stays as it is, null clears it (RFC 7396).",
            requestBody =
                    @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            content =
                                    @Content(
                                            schema = @Schema(ref = "UserChange"),
                                            examples = @ExampleObject("{\"age\": 37}"))))
    @ApiResponse(responseCode = "200", description = "The user after the change")
    @ApiResponse(responseCode = "409", description = "Handle already taken")
    User change(@PathVariable("user_id") UUID userId, @DescribedBody @RequestBody ObjectNode change) {
        return users.update(
                        userId,
                        current -> mergePatch
                                .apply(current, change, UserFields.class)
                                .requireWholeHome())
                .orElseThrow(() -> ProblemException.unknown("user", userId));
    }

    @DeleteMapping("/users/{user_id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(
            operationId = "deleteUser",
            summary = "Delete a user",
            description = "Interactions, edges and participations go too. Refused while the user organises plans.")
    @ApiResponse(responseCode = "204", description = "Deleted")
    @ApiResponse(responseCode = "409", description = "The user organises plans")
    void delete(@PathVariable("user_id") UUID userId) {
        if (!users.delete(userId)) {
            throw ProblemException.unknown("user", userId);
        }
    }
}
