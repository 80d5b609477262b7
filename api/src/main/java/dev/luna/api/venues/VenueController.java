package dev.luna.api.venues;

import dev.luna.api.web.Cursor;
import dev.luna.api.web.DescribedBody;
import dev.luna.api.web.InvalidField;
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
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
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
@Tag(name = "Venues", description = "Places one can go to")
class VenueController {

    private static final char BY_ID = 'v';
    private static final char BY_DISTANCE = 'd';

    private final VenueStore venues;
    private final MergePatch mergePatch;

    VenueController(VenueStore venues, MergePatch mergePatch) {
        this.venues = venues;
        this.mergePatch = mergePatch;
    }

    @PostMapping("/venues")
    @Operation(operationId = "createVenue", summary = "Create a venue")
    @ApiResponse(responseCode = "201", description = "Created; Location names the venue")
    ResponseEntity<Venue> create(@Valid @RequestBody VenueFields fields) {
        Venue venue = venues.insert(fields);
        return ResponseEntity.created(ServletUriComponentsBuilder.fromCurrentContextPath()
                        .path("/venues/{id}")
                        .build(venue.id()))
                .body(venue);
    }

    @GetMapping("/venues")
    @Operation(
            operationId = "listVenues",
            summary = "List venues, page by page",
            description = "Ordered by id, or by distance when near is given. A venue without price or rating does not"
                    + " pass a filter on it.")
    ResponseEntity<List<Venue>> list(
            @RequestParam(name = "category", required = false) String @Nullable [] categories,
            @Parameter(description = "1 (cheap) to 4")
                    @RequestParam(name = "max_price_level", required = false)
                    @Min(1)
                    @Max(4)
                    @Nullable
                    Integer maxPriceLevel,
            @Parameter(description = "0 to 5")
                    @RequestParam(name = "min_rating", required = false)
                    @DecimalMin("0")
                    @DecimalMax("5")
                    @Nullable
                    Double minRating,
            @Parameter(description = "lat,lng in decimal degrees", example = "52.52,13.405")
                    @RequestParam(required = false)
                    @Nullable
                    String near,
            @Parameter(description = "Kilometres around near")
                    @RequestParam(name = "radius_km", required = false)
                    @DecimalMin("0")
                    @DecimalMax("20100")
                    @Nullable
                    Double radiusKm,
            @RequestParam(defaultValue = Page.DEFAULT_LIMIT) @Min(1) @Max(Page.MAX_LIMIT) int limit,
            @RequestParam(required = false) @Nullable String cursor) {
        GeoPoint point = near == null ? null : GeoPoint.parse(near);
        if (point == null && radiusKm != null) {
            throw ProblemException.invalidParameter(
                    new InvalidField("radius_km", "needs near=lat,lng, the centre of the circle", radiusKm));
        }
        List<Double> centre = point == null ? null : List.of(point.lat(), point.lng());
        long question = Cursor.question(categories, maxPriceLevel, minRating, centre, radiusKm);
        UUID afterId = null;
        Double afterDistanceKm = null;
        if (cursor != null) {
            Cursor read = Cursor.read(cursor, point == null ? BY_ID : BY_DISTANCE, question, point == null ? 16 : 24);
            afterDistanceKm = point == null ? null : read.nextDistance();
            afterId = read.nextId();
        }
        List<Venue> rows = venues.list(new VenueQuery(
                categories == null ? List.of() : List.of(categories),
                maxPriceLevel,
                minRating,
                point,
                radiusKm,
                afterId,
                afterDistanceKm,
                limit + 1));
        return Page.of(
                rows,
                limit,
                venue -> venue.distanceKm() == null
                        ? Cursor.after(BY_ID, question, venue.id())
                        : Cursor.after(BY_DISTANCE, question, venue.distanceKm(), venue.id()));
    }

    @GetMapping("/venues/{venue_id}")
    @Operation(operationId = "getVenue", summary = "One venue")
    Venue get(@PathVariable("venue_id") UUID venueId) {
        return venues.find(venueId).orElseThrow(() -> ProblemException.unknown("venue", venueId));
    }

    @PatchMapping(
            path = "/venues/{venue_id}",
            consumes = {MediaType.APPLICATION_JSON_VALUE, "application/merge-patch+json"})
    @Operation(
            operationId = "changeVenue",
            summary = "Change a venue",
            description = "An absent field stays as it is, null clears it (RFC 7396).",
            requestBody =
                    @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            content =
                                    @Content(
                                            schema = @Schema(ref = "VenueChange"),
                                            examples = @ExampleObject("{\"rating\": 4.6}"))))
    Venue change(@PathVariable("venue_id") UUID venueId, @DescribedBody @RequestBody ObjectNode change) {
        return venues.update(venueId, current -> mergePatch.apply(current, change, VenueFields.class))
                .orElseThrow(() -> ProblemException.unknown("venue", venueId));
    }

    @DeleteMapping("/venues/{venue_id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(
            operationId = "deleteVenue",
            summary = "Delete a venue",
            description = "Its interactions go too, and it leaves all rankings at once. Refused while plans go there.")
    @ApiResponse(responseCode = "204", description = "Deleted")
    @ApiResponse(responseCode = "409", description = "Plans go to this venue")
    void delete(@PathVariable("venue_id") UUID venueId) {
        if (!venues.delete(venueId)) {
            throw ProblemException.unknown("venue", venueId);
        }
    }
}
