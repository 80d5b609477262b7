package dev.luna.api.friends;

import dev.luna.api.web.ConstraintName;
import dev.luna.api.web.Cursor;
import dev.luna.api.web.InvalidField;
import dev.luna.api.web.Page;
import dev.luna.api.web.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Tag(name = "Friends", description = "Social edges; each has one direction")
class FriendController {

    private static final char CURSOR_TAG = 'f';

    private final FriendStore friends;

    FriendController(FriendStore friends) {
        this.friends = friends;
    }

    @PutMapping("/users/{user_id}/friends/{other_user_id}")
    @Operation(
            operationId = "putFriend",
            summary = "Create or replace the edge from a user to another",
            description = "The body may be left out. The opposite direction is an edge of its own.")
    @ApiResponse(responseCode = "200", description = "Replaced")
    @ApiResponse(responseCode = "201", description = "Created")
    ResponseEntity<Friend> put(
            @PathVariable("user_id") UUID userId,
            @PathVariable("other_user_id") UUID otherUserId,
            @Valid @RequestBody(required = false) @Nullable FriendFields fields) {
        if (userId.equals(otherUserId)) {
            throw ProblemException.invalidParameter(
                    new InvalidField("other_user_id", "must be another user than user_id", otherUserId));
        }
        try {
            FriendStore.Stored stored =
                    friends.put(userId, otherUserId, fields == null ? new FriendFields(null, null) : fields);
            return ResponseEntity.status(stored.isNew() ? HttpStatus.CREATED : HttpStatus.OK)
                    .body(stored.friend());
        } catch (DataIntegrityViolationException e) {
            throw switch (ConstraintName.of(e)) {
                case "user_social_edges_user_id_fkey" -> ProblemException.unknown("user", userId);
                case "user_social_edges_other_user_id_fkey" -> ProblemException.unknown("user", otherUserId);
                default -> e;
            };
        }
    }

    @DeleteMapping("/users/{user_id}/friends/{other_user_id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(operationId = "deleteFriend", summary = "Delete the edge from a user to another")
    @ApiResponse(responseCode = "204", description = "Deleted")
    void delete(@PathVariable("user_id") UUID userId, @PathVariable("other_user_id") UUID otherUserId) {
        if (!friends.delete(userId, otherUserId)) {
            throw ProblemException.notFound("There is no edge from user %s to user %s".formatted(userId, otherUserId));
        }
    }

    @GetMapping("/users/{user_id}/friends")
    @Operation(operationId = "listFriends", summary = "List a user's edges by the other's id, page by page")
    ResponseEntity<List<Friend>> list(
            @PathVariable("user_id") UUID userId,
            @RequestParam(defaultValue = Page.DEFAULT_LIMIT) @Min(1) @Max(Page.MAX_LIMIT) int limit,
            @RequestParam(required = false) @Nullable String cursor) {
        long question = Cursor.question(userId);
        UUID after = cursor == null
                ? null
                : Cursor.read(cursor, CURSOR_TAG, question, 16).nextId();
        List<Friend> rows = friends.list(userId, after, limit + 1);
        if (rows.isEmpty() && !friends.userExists(userId)) {
            throw ProblemException.unknown("user", userId);
        }
        return Page.of(rows, limit, friend -> Cursor.after(CURSOR_TAG, question, friend.otherUserId()));
    }
}
