package dev.luna.api.reco;

import dev.luna.api.web.ProblemException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * Keeps the venue index of the published run, and of a few others: for reads that began before the switch, for pages and
 * for kept runs. An index serves while neither the run nor the venues have changed; then one thread loads the next and the
 * others wait for it, or fail with it: while the database is away, nobody waits for the attempts of all before.
 * Thread-safe; a read for which nothing has changed takes no lock.
 */
@Component
class VenueIndexes {

    private static final int KEPT = 4;

    /** A count of so many interactions serves for a second, in which it takes some twentieth of one. */
    private static final int INTERACTIONS_A_SECOND = 200_000;

    /** As long as a load waits for a connection to the database. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Loading loader;
    private final LongSupplier nanoTime;
    private final Duration patience;
    private final ReentrantLock loading = new ReentrantLock();
    private final AtomicLong loads = new AtomicLong();
    private volatile List<Kept> kept = List.of();
    private volatile @Nullable Failure lastFailure;
    private volatile @Nullable Long publishedRun;

    @Autowired
    VenueIndexes(VenueIndexLoader loader) {
        this(loader::load, System::nanoTime, PATIENCE);
    }

    /**
     * @param nanoTime which nobody sets back, as {@link System#nanoTime}
     * @param patience how long to wait for the loads of others
     */
    VenueIndexes(Loading loader, LongSupplier nanoTime, Duration patience) {
        this.loader = loader;
        this.nanoTime = nanoTime;
        this.patience = patience;
    }

    /** Loads the index of a run, given an earlier one of the same run, or of no run with likes that serve, if there is one. */
    interface Loading {
        Optional<VenueIndexLoader.Loaded> load(@Nullable Long runId, VenueIndexLoader.@Nullable Loaded previous);
    }

    /** @param countedNanos no later than the moment its likes are of */
    private record Kept(VenueIndexLoader.Loaded loaded, long loadNumber, long countedNanos) {

        boolean isOf(@Nullable Long runId) {
            return Objects.equals(loaded.runId(), runId);
        }

        /** Whether its likes are a run's, or counted not long ago. */
        boolean hasLikesThatServe(LongSupplier nanoTime) {
            return loaded.runId() != null
                    || nanoTime.getAsLong() - countedNanos
                            < TimeUnit.SECONDS.toNanos(loaded.interactions() / INTERACTIONS_A_SECOND);
        }
    }

    private record Failure(@Nullable Long runId, RuntimeException cause) {}

    /**
     * An index that shows at least what a read saw.
     *
     * @return empty when the run was dropped meanwhile: read again
     * @throws ProblemException 503 when others load for too long; what a load throws is thrown to all who waited for it
     */
    Optional<VenueIndex> get(ReadState seen) {
        if (seen.isPublished() && !Objects.equals(seen.runId(), publishedRun)) {
            publishedRun = seen.runId();
        }
        // The read is over, so whatever is loaded from now on shows what it saw: those who wait can share one load.
        long loadsBefore = loads.get();
        VenueIndex fresh = find(seen, loadsBefore);
        if (fresh != null) {
            return Optional.of(fresh);
        }
        Failure failedBefore = lastFailure;
        awaitOtherLoads();
        try {
            fresh = find(seen, loadsBefore);
            if (fresh != null) {
                return Optional.of(fresh);
            }
            Failure failed = lastFailure;
            if (failed != null && failed != failedBefore && Objects.equals(failed.runId(), seen.runId())) {
                throw failed.cause();
            }
            return load(seen.runId());
        } finally {
            loading.unlock();
        }
    }

    private void awaitOtherLoads() {
        try {
            if (loading.tryLock(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ProblemException.unavailable("This server stops before the venues are read; try again.");
        }
        throw ProblemException.unavailable(
                "The venues are still being read for others after %d s; try again, and see /health."
                        .formatted(patience.toSeconds()));
    }

    private Optional<VenueIndex> load(@Nullable Long runId) {
        long number = loads.incrementAndGet();
        Kept previous = earlier(runId);
        if (previous != null && !previous.hasLikesThatServe(nanoTime)) {
            previous = null;
        }
        long countedNanos = previous == null ? nanoTime.getAsLong() : previous.countedNanos();
        try {
            Optional<VenueIndexLoader.Loaded> loaded = loader.load(runId, previous == null ? null : previous.loaded());
            lastFailure = null;
            loaded.ifPresent(next -> keep(new Kept(next, number, countedNanos)));
            return loaded.map(VenueIndexLoader.Loaded::index);
        } catch (RuntimeException e) {
            lastFailure = new Failure(runId, e);
            throw e;
        }
    }

    /** The one of the published run that was loaded last; null when there is none yet. */
    @Nullable
    VenueIndex published() {
        Kept last = earlier(publishedRun);
        return last == null ? null : last.loaded().index();
    }

    private @Nullable VenueIndex find(ReadState seen, long loadsBefore) {
        for (Kept candidate : kept) {
            VenueIndexLoader.Loaded loaded = candidate.loaded();
            if (!candidate.isOf(seen.runId())) {
                continue;
            }
            boolean beganLater = candidate.loadNumber() > loadsBefore;
            boolean isSame = loaded.databaseSnapshot().equals(seen.databaseSnapshot());
            boolean hasTheVenues = loaded.catalogVersion() >= seen.catalogVersion();
            if (beganLater || isSame || (hasTheVenues && candidate.hasLikesThatServe(nanoTime))) {
                return loaded.index();
            }
        }
        return null;
    }

    private @Nullable Kept earlier(@Nullable Long runId) {
        for (Kept candidate : kept) {
            if (candidate.isOf(runId)) {
                return candidate;
            }
        }
        return null;
    }

    private void keep(Kept next) {
        List<Kept> all = new ArrayList<>(kept);
        all.removeIf(other -> other.isOf(next.loaded().runId()));
        all.add(0, next);
        if (all.size() > KEPT) {
            // Whatever runs are asked for meanwhile, the published run's stays.
            all.remove(all.get(KEPT).isOf(publishedRun) ? KEPT - 1 : KEPT);
        }
        kept = List.copyOf(all);
    }
}
