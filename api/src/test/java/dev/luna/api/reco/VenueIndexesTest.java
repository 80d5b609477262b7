package dev.luna.api.reco;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.luna.api.web.ProblemException;
import dev.luna.batch.run.Eventually;
import dev.luna.batch.scoring.ScoringProfile;
import dev.luna.batch.scoring.UuidArray;
import dev.luna.batch.scoring.VenueCatalog;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.BiFunction;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessResourceFailureException;

class VenueIndexesTest {

    private static final Set<Thread.State> WAITS_OR_ENDED = Set.of(Thread.State.TIMED_WAITING, Thread.State.TERMINATED);

    private final List<Long> loadedRuns = new ArrayList<>();
    private final List<Long> givenRuns = new ArrayList<>();
    private final List<Boolean> givenLikes = new ArrayList<>();
    private long catalogVersion = 1;
    private long interactions;
    private long nanos = Long.MAX_VALUE; // It may overflow.
    private Duration patience = Duration.ofDays(1);
    private final VenueIndexes indexes = indexes((runId, version) -> Optional.of(emptyIndex()));

    @Test
    void anIndexServesWhileNothingChanges() {
        VenueIndex first = indexes.get(seen(7L, 1)).orElseThrow();

        assertThat(indexes.get(seen(7L, 1))).containsSame(first);
        assertThat(loadedRuns).containsExactly(7L);
    }

    @Test
    void aChangedVenueMakesAnotherIndex() {
        indexes.get(seen(7L, 1));
        catalogVersion = 2;
        VenueIndex second = indexes.get(seen(7L, 2)).orElseThrow();

        // A read that began before the change gets the newer names, too.
        assertThat(indexes.get(seen(7L, 1))).containsSame(second);
        assertThat(loadedRuns).containsExactly(7L, 7L);
        // The second is made from the first.
        assertThat(givenRuns).containsExactly(null, 7L);
    }

    @Test
    void theRunBeforeStaysForReadsThatBeganBeforeTheSwitch() {
        VenueIndex before = indexes.get(seen(7L, 1)).orElseThrow();
        VenueIndex after = indexes.get(seen(8L, 1)).orElseThrow();

        assertThat(indexes.get(seen(7L, 1))).containsSame(before);
        assertThat(indexes.get(seen(8L, 1))).containsSame(after);
        assertThat(loadedRuns).containsExactly(7L, 8L);
    }

    @Test
    void changedVenuesDoNotPushOutTheRunBefore() {
        VenueIndex before = indexes.get(seen(7L, 1)).orElseThrow();
        for (catalogVersion = 1; catalogVersion <= 4; catalogVersion++) {
            indexes.get(seen(8L, catalogVersion));
        }

        assertThat(indexes.get(seen(7L, 1))).containsSame(before);
        assertThat(loadedRuns).containsExactly(7L, 8L, 8L, 8L, 8L);
    }

    @Test
    void runsAskedForByNameDoNotPushOutThePublishedOne() {
        VenueIndex published = indexes.get(seen(7L, 1)).orElseThrow();
        for (long kept = 1; kept <= 6; kept++) {
            indexes.get(seenByName(kept, 1));
        }

        assertThat(indexes.get(seen(7L, 1))).containsSame(published);
        assertThat(loadedRuns).containsExactly(7L, 1L, 2L, 3L, 4L, 5L, 6L);
    }

    @Test
    void thePublishedRunsIndexIsNeverThatOfARunAskedForByName() {
        indexes.get(seenByName(3L, 1));
        assertThat(indexes.published()).isNull();
        VenueIndex seventh = indexes.get(seen(7L, 1)).orElseThrow();
        indexes.get(seenByName(2L, 1));
        assertThat(indexes.published()).isSameAs(seventh);

        // A run that was published before is so again.
        VenueIndex third = indexes.get(seen(3L, 1)).orElseThrow();
        assertThat(indexes.published()).isSameAs(third);
        assertThat(loadedRuns).containsExactly(3L, 7L, 2L);
    }

    @Test
    void withoutARunAnyWriteMakesAnotherIndex() {
        indexes.get(seenWithoutARun(1, "snapshot 1"));
        indexes.get(seenWithoutARun(1, "snapshot 1"));
        indexes.get(seenWithoutARun(1, "10:10:"));

        assertThat(loadedRuns).hasSize(2);
        // The second counts likes anew.
        assertThat(givenLikes).containsExactly(false, false);
    }

    @Test
    void aCountOfManyLikesServesForAWhile() {
        interactions = 2_000_000;
        for (int write = 0; write < 100; write++) {
            indexes.get(seenWithoutARun(1, write + ":" + write + ":"));
            nanos += 99_000_000;
        }
        assertThat(loadedRuns).hasSize(1);

        nanos += 100_000_000;
        indexes.get(seenWithoutARun(1, "101:101:"));
        assertThat(givenLikes).containsExactly(false, false);
    }

    @Test
    void aChangedVenueShowsAtOnceBesideACountThatServes() {
        interactions = 2_000_000;
        indexes.get(seenWithoutARun(1, "1:1:"));
        nanos += 9_000_000_000L;
        catalogVersion = 2;
        VenueIndex changed = indexes.get(seenWithoutARun(2, "2:2:")).orElseThrow();
        assertThat(indexes.get(seenWithoutARun(2, "3:3:"))).containsSame(changed);

        // Ten seconds after the count, however long ago venues changed.
        nanos += 1_000_000_000;
        indexes.get(seenWithoutARun(2, "4:4:"));
        assertThat(givenLikes).containsExactly(false, true, false);
    }

    @Test
    void aDroppedRunHasNoIndex() {
        assertThat(indexes((runId, version) -> Optional.empty()).get(seen(7L, 1)))
                .isEmpty();
    }

    /** Each has seen another state of the database, so the load that was under way may lack what it saw. */
    @Test
    void whoWaitsSharesTheLoadThatBeganAfterItsRead() throws InterruptedException {
        List<CompletableFuture<Optional<VenueIndex>>> answers = whileOneLoads(7, () -> {});

        Optional<VenueIndex> shared = answers.get(1).join();
        assertThat(shared).isPresent().isNotEqualTo(answers.get(0).join());
        assertThat(answers.subList(1, 8))
                .allSatisfy(answer -> assertThat(answer.join()).isEqualTo(shared));
        assertThat(loadedRuns).hasSize(2);
    }

    @Test
    void whoWaitsSharesTheLoadThatFails() throws InterruptedException {
        List<CompletableFuture<Optional<VenueIndex>>> answers = whileOneLoads(2, () -> {
            throw new DataAccessResourceFailureException("gone");
        });

        assertThat(answers)
                .hasSize(3)
                .allSatisfy(answer -> assertThatThrownBy(answer::join)
                        .hasRootCauseInstanceOf(DataAccessResourceFailureException.class));
        assertThat(loadedRuns).hasSize(1);
    }

    @Test
    void theFailedLoadOfAnotherRunIsNotShared() throws InterruptedException {
        List<CompletableFuture<Optional<VenueIndex>>> answers = whileOneLoads(1, reader -> seen(7L + reader, 1), () -> {
            throw new DataAccessResourceFailureException("gone");
        });
        assertThat(answers.get(1).join()).isPresent();
    }

    @Test
    void whoComesAfterAFailedLoadTriesAgain() {
        boolean[] isAway = {true};
        VenueIndexes indexes = indexes((runId, version) -> {
            if (isAway[0]) {
                throw new DataAccessResourceFailureException("gone");
            }
            return Optional.of(emptyIndex());
        });
        for (int attempt = 0; attempt < 2; attempt++) {
            assertThatThrownBy(() -> indexes.get(seen(7L, 1))).hasMessage("gone");
        }
        isAway[0] = false;

        assertThat(indexes.get(seen(7L, 1))).isPresent();
        assertThat(loadedRuns).hasSize(3);
    }

    @Test
    void nobodyWaitsLongForTheLoadsOfOthers() throws InterruptedException {
        patience = Duration.ZERO;

        List<CompletableFuture<Optional<VenueIndex>>> answers = whileOneLoads(1, () -> {});

        assertThat(answers.get(0).join()).isPresent();
        assertThatThrownBy(answers.get(1)::join)
                .hasCauseInstanceOf(ProblemException.class)
                .hasMessageContaining("The venues are still being read");
        assertThat(loadedRuns).hasSize(1);
    }

    @Test
    void whoIsInterruptedIsNotToldThatHeWaited() {
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> indexes.get(seen(7L, 1)))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("This server stops before the venues are read; try again.");

        assertThat(Thread.interrupted()).isTrue();
        assertThat(loadedRuns).isEmpty();
    }

    /** The answers of one whose load is held up and ends so, and of some who come meanwhile and wait. */
    private List<CompletableFuture<Optional<VenueIndex>>> whileOneLoads(int others, Runnable end)
            throws InterruptedException {
        return whileOneLoads(others, reader -> seenWithoutARun(1, reader + ":" + reader + ":"), end);
    }

    private List<CompletableFuture<Optional<VenueIndex>>> whileOneLoads(
            int others, IntFunction<ReadState> seenBy, Runnable end) throws InterruptedException {
        CountDownLatch loads = new CountDownLatch(1);
        CompletableFuture<Void> mayEnd = new CompletableFuture<>();
        VenueIndexes slow = indexes((runId, version) -> {
            if (loads.getCount() > 0) {
                loads.countDown();
                mayEnd.join();
                end.run();
            }
            return Optional.of(emptyIndex());
        });
        List<CompletableFuture<Optional<VenueIndex>>> answers = new ArrayList<>();
        for (int reader = 0; reader <= others; reader++) {
            ReadState state = seenBy.apply(reader);
            CompletableFuture<Optional<VenueIndex>> answer = new CompletableFuture<>();
            answers.add(answer);
            Thread thread = new Thread(() -> {
                try {
                    answer.complete(slow.get(state));
                } catch (RuntimeException e) {
                    answer.completeExceptionally(e);
                }
            });
            thread.start();
            loads.await();
            if (reader == 0) {
                continue;
            }
            Eventually.holds("the reader waits or is answered", () -> WAITS_OR_ENDED.contains(thread.getState()));
        }
        mayEnd.complete(null);
        answers.forEach(answer -> answer.exceptionally(e -> Optional.empty()).join());
        return answers;
    }

    private VenueIndexes indexes(BiFunction<Long, Long, Optional<VenueIndex>> loading) {
        VenueIndexes.Loading counting = (runId, previous) -> {
            givenRuns.add(previous == null ? null : previous.runId());
            givenLikes.add(previous != null);
            loadedRuns.add(runId);
            return loading.apply(runId, catalogVersion)
                    .map(index -> new VenueIndexLoader.Loaded(
                            index, runId, catalogVersion, "snapshot " + loadedRuns.size(), interactions));
        };
        return new VenueIndexes(counting, () -> nanos, patience);
    }

    private static ReadState seenWithoutARun(long catalogVersion, String databaseSnapshot) {
        return new ReadState(null, false, Instant.EPOCH, catalogVersion, databaseSnapshot);
    }

    private static ReadState seenByName(Long runId, long catalogVersion) {
        return new ReadState(runId, false, Instant.EPOCH, catalogVersion, null);
    }

    private static ReadState seen(Long runId, long catalogVersion) {
        return new ReadState(runId, true, Instant.EPOCH, catalogVersion, null);
    }

    private static VenueIndex emptyIndex() {
        return new VenueIndex(
                null,
                null,
                VenueCatalog.of(UuidArray.of(List.of()), new double[0], new double[0], new int[0], new int[0]),
                ScoringProfile.standard(),
                new VenueColumns().details());
    }
}
