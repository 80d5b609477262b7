package dev.luna.api.reco;

import dev.luna.api.web.ProblemException;
import dev.luna.batch.scoring.StoredCompanion;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/**
 * A user's best companions, in general or at a venue. As with venues, a stored list answers when it provably holds the
 * true top: neither the user nor the venue's category has changed, and it is long enough without deleted friends, or it
 * holds all friends. What friends did since the run counts from the next run on where a list is stored, else at once.
 */
@Service
class CompanionRecommendations {

    private final PublishedReads reads;
    private final VenueIndexes indexes;
    private final LiveCompanions live;
    private final LiveInputs inputs;

    CompanionRecommendations(PublishedReads reads, VenueIndexes indexes, LiveCompanions live, LiveInputs inputs) {
        this.reads = reads;
        this.indexes = indexes;
        this.live = live;
        this.inputs = inputs;
    }

    /**
     * @throws ProblemException 404 when there is no such user or venue, or the run asked for stored no such
     *     list; 410 when a page's run is gone
     */
    Answer<RecommendedCompanion> top(CompanionQuestion question) {
        return Attempts.untilReadsAgree(() -> attempt(question));
    }

    /**
     * The answer without its items, if the client has it already: what a ranking is made of has not changed. Looks at no
     * ranking.
     *
     * @throws ProblemException as {@link #top}
     */
    Optional<Answer<RecommendedCompanion>> unchanged(CompanionQuestion question, KnownAnswers known) {
        if (known.isEmpty()) {
            return Optional.empty();
        }
        PublishedReads.FriendsFreshness seen = reads.friendsFreshness(question.userId(), question.pinnedRun())
                .orElseThrow(() -> ProblemException.unknown("user", question.userId()));
        PinnedRun.requireThere(question, seen.state(), reads);
        String validator = validator(question, seen.state(), seen.isChanged(), seen.friendsTag());
        return validator != null && known.names(validator)
                ? Optional.of(Answer.unchanged(seen.state(), true, validator))
                : Optional.empty();
    }

    /**
     * Of an answer that a run stored; null when the user's own data decides, or no run does. Where the user has not changed,
     * the friends are those of the run, but their names may be others; a venue may be gone.
     */
    private static @Nullable String validator(
            CompanionQuestion question, ReadState state, boolean isChanged, String friendsTag) {
        if (state.runId() == null || isChanged) {
            return null;
        }
        String tag = state.runTag() + "." + friendsTag;
        return question.venueId() == null ? tag : tag + "." + state.catalogVersion();
    }

    /** As it was, for a user who has changed since, people may be in it who are no friends any more: their names tell. */
    private static @Nullable String validator(
            CompanionQuestion question, PublishedReads.StoredCompanions row, CompanionPage page) {
        return row.isChanged()
                ? row.state().runTag() + ".c" + page.contentTag()
                : validator(question, row.state(), false, row.friendsTag());
    }

    private Optional<Answer<RecommendedCompanion>> attempt(CompanionQuestion question) {
        PublishedReads.StoredCompanions row = reads.companions(question.userId(), question.pinnedRun())
                .orElseThrow(() -> ProblemException.unknown("user", question.userId()));
        ReadState state = row.state();
        PinnedRun.requireThere(question, state, reads);
        return indexes.get(state).map(index -> {
            UUID venueId = question.venueId();
            if (venueId != null && index.current().indexOf(venueId) < 0) {
                throw ProblemException.unknown("venue", venueId);
            }
            List<StoredCompanion> entries = question.runId() == null ? current(row, venueId, index) : null;
            CompanionPage page =
                    question.runId() == null ? stored(row, question, entries) : asItWas(row, question, index);
            boolean isStored = page != null;
            if (page == null) {
                PageEnd after = question.after();
                List<StoredCompanion> before =
                        after != null && after.isStored() ? storedEntries(row, venueId, index) : null;
                page = live.page(
                        question,
                        index,
                        beganStored(question) && entries != null ? entries : List.of(),
                        Objects.requireNonNullElse(before, List.of()));
            }
            return new Answer<>(
                    page.items(),
                    state.runId(),
                    state.snapshotAt(),
                    isStored,
                    isStored ? validator(question, row, page) : null,
                    next(page, question, state, isStored));
        });
    }

    private static @Nullable String next(
            CompanionPage page, CompanionQuestion question, ReadState state, boolean isStored) {
        if (!page.mayHaveMore()) {
            return null;
        }
        int entries = page.entries().size();
        StoredCompanion last = page.entries().get(entries - 1);
        return PageEnd.of(question, state, isStored, page.firstRank() + entries - 1, last.score(), last.userId())
                .cursor(question);
    }

    /**
     * The user's best companions at each of the given venues, in their order, from one statement for all that is stored and
     * from one scoring for all that is not.
     *
     * @param venueIds current venues
     * @param runId the run to read, {@link PinnedRun#NONE} for none
     * @return empty when the run is gone, or one of the venues
     */
    Optional<AtEach> atEach(List<UUID> venueIds, UUID userId, long runId, int limit) {
        PublishedReads.StoredCompanions row =
                reads.companions(userId, runId).orElseThrow(() -> ProblemException.unknown("user", userId));
        return indexes.get(row.state()).flatMap(index -> {
            if ((row.state().runId() == null && runId != PinnedRun.NONE)
                    || venueIds.stream().anyMatch(id -> index.current().indexOf(id) < 0)) {
                return Optional.empty();
            }
            List<@Nullable List<StoredCompanion>> stored = new ArrayList<>();
            Set<UUID> friends = new HashSet<>();
            for (UUID venueId : venueIds) {
                List<StoredCompanion> entries = current(row, venueId, index);
                stored.add(entries);
                if (entries != null) {
                    entries.forEach(entry -> friends.add(entry.userId()));
                }
            }
            Map<UUID, String> nameById = inputs.names(friends);
            List<List<RecommendedCompanion>> lists = new ArrayList<>();
            List<UUID> unknown = new ArrayList<>();
            for (int i = 0; i < venueIds.size(); i++) {
                List<StoredCompanion> entries = stored.get(i);
                CompanionPage page = entries == null ? null : page(entries, nameById, 1, limit, holdsAll(entries, row));
                if (page == null || !isExact(page, entries, row, limit)) {
                    unknown.add(venueIds.get(i));
                    lists.add(List.of());
                } else {
                    lists.add(page.items());
                }
            }
            if (!unknown.isEmpty()) {
                live.atEach(unknown, userId, index, limit)
                        .forEach((venueId, list) -> lists.set(venueIds.indexOf(venueId), list));
            }
            return Optional.of(new AtEach(lists, unknown.isEmpty(), row.friendsTag()));
        });
    }

    /**
     * @param lists of each venue asked for
     * @param areStored whether the run ranked them all, rather than this request
     * @param friendsTag equal while the user's friends have the same names
     */
    record AtEach(List<List<RecommendedCompanion>> lists, boolean areStored, String friendsTag) {}

    /** The page of the stored list, or null when it cannot answer exactly. */
    private @Nullable CompanionPage stored(
            PublishedReads.StoredCompanions row, CompanionQuestion question, @Nullable List<StoredCompanion> entries) {
        boolean isOfNow = question.after() != null && !beganStored(question);
        int from = entries == null || isOfNow ? -1 : placeAfter(question.after(), entries);
        if (entries == null || from < 0) {
            return null;
        }
        CompanionPage page = page(entries, from, question, holdsAll(entries, row));
        return isExact(page, entries, row, question.limit()) ? page : null;
    }

    /** Whether the pages before were of a list that begins with what is stored; a list of now has its own order. */
    private static boolean beganStored(CompanionQuestion question) {
        return question.after() != null && question.after().beganStored();
    }

    /** The page of what the run stored, whatever has happened since; only people who are gone are missing. */
    private CompanionPage asItWas(PublishedReads.StoredCompanions row, CompanionQuestion question, VenueIndex index) {
        List<StoredCompanion> entries = storedEntries(row, question.venueId(), index);
        if (entries == null) {
            throw ProblemException.notFound("Run " + question.runId() + " has no companions of the user "
                    + question.userId() + (question.venueId() == null ? "" : " at the venue " + question.venueId()));
        }
        int from = placeAfter(question.after(), entries);
        return page(entries, from < 0 ? entries.size() : from, question, true);
    }

    /** The place in a stored list that follows a page's end; negative when that is not in it. */
    private static int placeAfter(@Nullable PageEnd end, List<StoredCompanion> entries) {
        return end == null
                ? 0
                : end.placeAmong(entries.stream().map(StoredCompanion::userId).toList());
    }

    /** What a run stored that holds still: null, too, when the user or the venue's category is not what it was. */
    private static @Nullable List<StoredCompanion> current(
            PublishedReads.StoredCompanions row, @Nullable UUID venueId, VenueIndex index) {
        boolean isOther =
                venueId != null && index.isRecategorised(index.current().indexOf(venueId));
        return row.isChanged() || isOther ? null : storedEntries(row, venueId, index);
    }

    /** What a run stored of a user, in general or at a venue; null when it stored nothing of that. */
    private static @Nullable List<StoredCompanion> storedEntries(
            PublishedReads.StoredCompanions row, @Nullable UUID venueId, VenueIndex index) {
        Long writtenBy = row.writtenBy();
        if (writtenBy == null) {
            return null;
        }
        byte[] packed = row.packed();
        // A refresh has a row of those without friends, too, which names no venue.
        if (packed == null || row.friendCount() == 0) {
            return List.of();
        }
        RunVenues run = index.writtenBy(writtenBy);
        if (venueId == null) {
            return run.companionCodec().decodeGeneral(packed, Integer.MAX_VALUE);
        }
        int runVenueNo = run.runVenueNo(venueId);
        return runVenueNo < 0
                ? null
                : run.companionCodec()
                        .decodeAt(packed, runVenueNo, Integer.MAX_VALUE)
                        .orElse(null);
    }

    private static boolean holdsAll(List<StoredCompanion> entries, PublishedReads.StoredCompanions row) {
        return entries.size() == row.friendCount();
    }

    /** Whether a page of a stored list is full, or misses only friends who are gone. */
    private static boolean isExact(
            CompanionPage page, List<StoredCompanion> entries, PublishedReads.StoredCompanions row, int limit) {
        return page.entries().size() == limit || holdsAll(entries, row);
    }

    /** The page that begins at a place of a stored list; asks for the names of more than fill it only if some are gone. */
    private CompanionPage page(List<StoredCompanion> entries, int from, CompanionQuestion question, boolean isWhole) {
        int limit = question.limit();
        List<StoredCompanion> rest = entries.subList(from, entries.size());
        List<StoredCompanion> first = rest.subList(0, Math.min(limit, rest.size()));
        CompanionPage page = page(rest, namesOf(first), question.firstRank(), limit, isWhole);
        return page.entries().size() == first.size()
                ? page
                : page(rest, namesOf(rest), question.firstRank(), limit, isWhole);
    }

    /** The first of a list who have names. */
    private static CompanionPage page(
            List<StoredCompanion> entries, Map<UUID, String> nameById, int firstRank, int limit, boolean isWhole) {
        List<StoredCompanion> named = new ArrayList<>(Math.min(limit, entries.size()));
        int i = 0;
        for (; i < entries.size() && named.size() < limit; i++) {
            if (nameById.containsKey(entries.get(i).userId())) {
                named.add(entries.get(i));
            }
        }
        boolean mayHaveMore = named.size() == limit && (i < entries.size() || !isWhole);
        return new CompanionPage(named, nameById, firstRank, mayHaveMore);
    }

    private Map<UUID, String> namesOf(List<StoredCompanion> entries) {
        return inputs.names(entries.stream().map(StoredCompanion::userId).toList());
    }
}
