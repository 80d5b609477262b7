package dev.luna.api.runs;

import dev.luna.api.web.Cursor;
import dev.luna.api.web.InvalidField;
import dev.luna.api.web.Page;
import dev.luna.api.web.ProblemException;
import dev.luna.api.web.SnakeCase;
import dev.luna.api.web.Wire;
import dev.luna.batch.run.Run;
import dev.luna.batch.run.RunDiff;
import dev.luna.batch.run.RunDiffs;
import dev.luna.batch.run.RunFilter;
import dev.luna.batch.run.RunKind;
import dev.luna.batch.run.RunNotFoundException;
import dev.luna.batch.run.RunRefusedException;
import dev.luna.batch.run.RunState;
import dev.luna.batch.run.RunStorage;
import dev.luna.batch.run.Runs;
import dev.luna.batch.run.StartedRun;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;

@RestController
@Tag(name = "Runs", description = "Computations of all rankings, for operators")
class RunController {

    private static final char CURSOR_TAG = 'n';

    /** Recorded with a run as who asked for it. */
    private static final String REQUESTED_BY = "api";

    /** Each keeps a connection for as long as it reads two runs, and reads and runs need those of the pool too. */
    private static final int MOST_COMPARISONS = 2;

    private final Runs runs;
    private final RunDiffs diffs;
    private final RunEvents events;
    private final Semaphore comparing = new Semaphore(MOST_COMPARISONS);

    RunController(Runs runs, RunDiffs diffs, RunEvents events) {
        this.runs = runs;
        this.diffs = diffs;
        this.events = events;
    }

    @PostMapping("/runs")
    @Operation(
            operationId = "startRun",
            summary = "Start a recompute",
            description = "It goes on in the background; look at Location. When the process of a run has died, that run"
                    + " is resumed instead of a new one, and the answer's sentence begins by saying so; if another kind or"
                    + " profile, or a trial, was asked for, the start is refused. Without a body, a full run by the"
                    + " configured profile.")
    @ApiResponse(responseCode = "202", description = "Started; Location names the run")
    @ApiResponse(
            responseCode = "409",
            description = "Another run is under way, or one that was not asked for was left behind: the problem's run"
                    + " names it. Or there is nothing to rank or refresh, a refresh is to be a trial or to rank by a"
                    + " profile of its own, or this process is shutting down")
    @ApiResponse(responseCode = "422", description = "The profile has a value out of its range")
    ResponseEntity<RunView> start(@RequestBody(required = false) @Nullable NewRun run) {
        NewRun wanted = run == null ? NewRun.DEFAULT : run;
        try {
            StartedRun started = runs.start(wanted.kind(), wanted.profile(), wanted.isTrial(), REQUESTED_BY);
            return accepted(RunView.of(started));
        } catch (IllegalArgumentException e) {
            String sentence = SnakeCase.inSentence(String.valueOf(e.getMessage()));
            // It begins with the setting.
            String field = "profile." + sentence.split(" ", 2)[0];
            throw ProblemException.invalidBody(List.of(new InvalidField(field, sentence, null)));
        }
    }

    @GetMapping("/runs")
    @Operation(operationId = "listRuns", summary = "List runs, newest first, page by page")
    ResponseEntity<List<RunView>> list(
            @Parameter(
                            description = "Only runs in this state; may be repeated",
                            array = @ArraySchema(schema = @Schema(implementation = RunState.class)))
                    @RequestParam(required = false)
                    String @Nullable [] state,
            @Parameter(description = "Only runs of this kind", schema = @Schema(implementation = RunKind.class))
                    @RequestParam(required = false)
                    @Nullable
                    String kind,
            @RequestParam(defaultValue = "20") @Min(1) @Max(Page.MAX_LIMIT) int limit,
            @RequestParam(required = false) @Nullable String cursor) {
        long question = Cursor.question(state, kind);
        Long before = cursor == null
                ? null
                : Cursor.read(cursor, CURSOR_TAG, question, 8).nextNumber();
        RunFilter filter = new RunFilter(
                Arrays.stream(state == null ? new String[0] : state)
                        .map(name -> Wire.read(RunState.class, "state", name))
                        .collect(Collectors.toSet()),
                kind == null ? null : Wire.read(RunKind.class, "kind", kind));
        List<RunView> rows =
                runs.list(filter, before, limit + 1).stream().map(RunView::of).toList();
        return Page.of(rows, limit, run -> Cursor.after(CURSOR_TAG, question, run.id()));
    }

    @GetMapping("/runs/{run_id}")
    @Operation(operationId = "getRun", summary = "One run")
    RunView get(@PathVariable("run_id") long runId) {
        return RunView.of(runs.get(runId), runs.partitions(runId));
    }

    @GetMapping("/runs/storage")
    @Operation(
            operationId = "getRunStorage",
            summary = "Disk that runs take, and will take",
            description =
                    "users x bytes per user x kept runs, known before it is used: full runs, and as many refreshes as if"
                            + " they ranked everybody. As many of each that are held, stopped or failed are kept besides,"
                            + " until a newer run is published, for a full one a full run")
    RunStorage storage() {
        return runs.storage();
    }

    @GetMapping(path = "/runs/{run_id}/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    @Operation(
            operationId = "watchRun",
            summary = "A run's progress as server-sent events",
            description =
                    "An event named run at every change, whose data is the run as GET /runs/{run_id} gives it; of several"
                            + " that a slow reader cannot take yet, the newest. After the one that ends the run, the stream"
                            + " ends.")
    @ApiResponse(
            responseCode = "200",
            description = "The stream",
            content =
                    @Content(
                            mediaType = MediaType.TEXT_EVENT_STREAM_VALUE,
                            schema =
                                    @Schema(
                                            type = "string",
                                            example = "id:running-4096\nretry:2000\nevent:run\ndata:{\"id\":17}")))
    @ApiResponse(
            responseCode = "204",
            description = "The run ended with the event of Last-Event-ID; no more will come",
            content = @Content)
    void events(
            @PathVariable("run_id") long runId,
            @Parameter(description = "Sent by browsers that lost the stream: the id of the last event they got")
                    @RequestHeader(name = "Last-Event-ID", required = false)
                    @Nullable
                    String lastEventId,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        Run run = runs.get(runId);
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        if (run.state() != RunState.RUNNING && RunEvents.idOf(run).equals(lastEventId)) {
            response.setStatus(HttpServletResponse.SC_NO_CONTENT);
            return;
        }
        response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE);
        // To proxies that hold answers back until they are whole, as nginx does: not this one.
        response.setHeader("X-Accel-Buffering", "no");
        if (HttpMethod.HEAD.matches(request.getMethod())) {
            // Its answer is whole with the headers: a stream would keep the client's next request waiting.
            return;
        }
        events.watch(run.id(), request.startAsync(request, response));
    }

    @PostMapping("/runs/{run_id}/stop")
    @Operation(
            operationId = "stopRun",
            summary = "Stop a run at its next chunk",
            description = "The answer does not say that it has stopped; look at its state.")
    @ApiResponse(responseCode = "202", description = "Asked to stop; Location names the run")
    @ApiResponse(responseCode = "409", description = "The run is not under way")
    ResponseEntity<RunView> stop(@PathVariable("run_id") long runId) {
        return accepted(RunView.of(runs.stop(runId, REQUESTED_BY)));
    }

    @PostMapping("/runs/{run_id}/restart")
    @Operation(operationId = "restartRun", summary = "Resume a stopped or failed run from its last committed chunk")
    @ApiResponse(responseCode = "202", description = "Resumed; Location names the run")
    @ApiResponse(
            responseCode = "409",
            description = "The run's state does not allow it, or another one is under way or was left behind")
    ResponseEntity<RunView> restart(@PathVariable("run_id") long runId) {
        return accepted(RunView.of(runs.restart(runId, REQUESTED_BY)));
    }

    @PostMapping("/runs/{run_id}/publish")
    @Operation(
            operationId = "publishRun",
            summary = "Make a kept run the one that readers see",
            description =
                    "Immediate; this is also the way back to an earlier run. While an import that changed venues is under"
                            + " way it is refused.")
    @ApiResponse(responseCode = "200", description = "Published")
    @ApiResponse(
            responseCode = "409",
            description = "The gate holds it and force is not true, its rankings are not complete or not kept, or an"
                    + " import is under way")
    RunView publish(
            @PathVariable("run_id") long runId,
            @Parameter(description = "Publish although the gate held the run back; this is recorded")
                    @RequestParam(defaultValue = "false")
                    boolean force) {
        return RunView.of(runs.publish(runId, REQUESTED_BY, force));
    }

    @GetMapping("/runs/{run_id}/diff")
    @Operation(
            operationId = "diffRuns",
            summary = "How a run's ranked venues differ from another's",
            description =
                    "Users changed, overlap at 10, and the users who moved most with the causes. Compares all users of"
                            + " both runs in one stream; refreshes of the same full run by their refreshed users only. A server makes"
                            + " two at a time and answers 503 to more.")
    @ApiResponse(responseCode = "200", description = "Compared")
    @ApiResponse(
            responseCode = "409",
            description = "One of the runs has no complete, kept rankings, or none is known that readers saw before")
    RunDiff diff(
            @PathVariable("run_id") long runId,
            @Parameter(
                            description = "The run to compare with; left out, the one that readers saw before its"
                                    + " last publication, the full run that it refreshed once its own rankings are"
                                    + " dropped; of a run that was never published the one that they see")
                    @RequestParam(required = false)
                    @Nullable
                    Long against,
            @Parameter(description = "How many users to tell one by one")
                    @RequestParam(defaultValue = "10")
                    @Min(0)
                    @Max(1000)
                    int movers) {
        if (!comparing.tryAcquire()) {
            throw ProblemException.unavailable(
                    "%d comparisons of runs are under way, as many as this server makes at a time; try again when one has ended."
                            .formatted(MOST_COMPARISONS));
        }
        try {
            return diffs.compare(runId, against, movers);
        } finally {
            comparing.release();
        }
    }

    @ExceptionHandler
    ProblemException notFound(RunNotFoundException e) {
        return ProblemException.notFound(Calls.beside(String.valueOf(e.getMessage())));
    }

    @ExceptionHandler
    ProblemException refused(RunRefusedException e) {
        Run run = e.run();
        String detail = Calls.beside(String.valueOf(e.getMessage()));
        return run == null
                ? ProblemException.conflict(detail)
                : ProblemException.conflict(detail, Map.of("run", RunView.of(run)));
    }

    private static ResponseEntity<RunView> accepted(RunView run) {
        return ResponseEntity.accepted()
                .location(ServletUriComponentsBuilder.fromCurrentContextPath()
                        .path("/runs/{id}")
                        .build(run.id()))
                .body(run);
    }
}
