package dev.luna.batch.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.sql.SQLException;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SideBySideTest {

    @AfterEach
    void clearInterrupt() {
        Thread.interrupted();
    }

    @Test
    void resourcesAreWorkedOnAtOnceAndGiveTheirResultsInOrder() throws Exception {
        // Nobody passes before all three are there.
        CyclicBarrier together = new CyclicBarrier(3);

        List<String> results = SideBySide.each(List.of("a", "b", "c"), "side-", (resource, failed) -> {
            meet(together);
            return resource + " by " + Thread.currentThread().getName();
        });

        assertThat(results).containsExactly("a by side-1", "b by side-2", "c by side-3");
    }

    @Test
    void whatFailsFirstIsThrownAndWhatFailsBesidesIsSuppressed() {
        CountDownLatch broken = new CountDownLatch(1);
        IOException first = new IOException("the disk is full");

        assertThatThrownBy(() -> SideBySide.each(List.of("slow", "broken"), "side-", (resource, failed) -> {
                    if (resource.equals("broken")) {
                        broken.countDown();
                        throw first;
                    }
                    await(broken);
                    spinUntil(failed::getAsBoolean);
                    throw new IllegalStateException("given up");
                }))
                .isSameAs(first)
                .satisfies(e -> assertThat(e.getSuppressed())
                        .extracting(Throwable::getMessage)
                        .containsExactly("given up"));
    }

    @Test
    void theOthersAreWaitedForWhenOneFails() {
        AtomicBoolean over = new AtomicBoolean();

        assertThatThrownBy(() -> SideBySide.each(List.of(1, 2), "side-", (resource, failed) -> {
                    if (resource == 1) {
                        throw new SQLException("the connection is gone");
                    }
                    spinUntil(failed::getAsBoolean);
                    over.set(true);
                    return resource;
                }))
                .isInstanceOf(SQLException.class)
                .hasMessage("the connection is gone");

        assertThat(over).isTrue();
    }

    @Test
    void thoseThatWereStartedAreWaitedForWhenTheNextCannotBe() {
        AtomicBoolean over = new AtomicBoolean();
        OutOfMemoryError noMoreThreads = new OutOfMemoryError("unable to create native thread");
        List<Integer> resources = new AbstractList<>() {
            @Override
            public Integer get(int index) {
                if (index == 1) {
                    throw noMoreThreads;
                }
                return index;
            }

            @Override
            public int size() {
                return 2;
            }
        };

        assertThatThrownBy(() -> SideBySide.each(resources, "side-", (resource, failed) -> {
                    spinUntil(failed::getAsBoolean);
                    over.set(true);
                    return resource;
                }))
                .isSameAs(noMoreThreads);

        assertThat(over).isTrue();
    }

    @Test
    void errorsSurfaceFromEitherSide() {
        assertThatThrownBy(() -> SideBySide.run("side-", () -> {}, () -> {
                    throw new AssertionError("second");
                }))
                .isInstanceOf(AssertionError.class)
                .hasMessage("second");
        assertThatThrownBy(() -> SideBySide.aside(
                        "aside",
                        () -> {
                            throw new AssertionError("there");
                        },
                        () -> {}))
                .isInstanceOf(AssertionError.class)
                .hasMessage("there");
        assertThatThrownBy(() -> SideBySide.aside("aside", () -> "made", () -> {
                    throw new IllegalArgumentException("here");
                }))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("here")
                .hasNoSuppressedExceptions();
    }

    @Test
    void oneThingIsDoneHereWhileAnotherIsDoneAside() {
        CyclicBarrier together = new CyclicBarrier(2);
        List<Thread> here = new ArrayList<>();

        String made = SideBySide.aside(
                "aside",
                () -> {
                    meet(together);
                    return Thread.currentThread().getName();
                },
                () -> {
                    meet(together);
                    here.add(Thread.currentThread());
                });

        assertThat(made).isEqualTo("aside");
        assertThat(here).containsExactly(Thread.currentThread());
    }

    @Test
    void whatIsDoneAsideIsWaitedForWhenThisSideFailsAndItsFailureIsSuppressed() {
        CountDownLatch failing = new CountDownLatch(1);
        IllegalStateException here = new IllegalStateException("here");

        assertThatThrownBy(() -> SideBySide.aside(
                        "aside",
                        () -> {
                            await(failing);
                            throw new IllegalArgumentException("there");
                        },
                        () -> {
                            failing.countDown();
                            throw here;
                        }))
                .isSameAs(here)
                .satisfies(e -> assertThat(e.getSuppressed())
                        .extracting(Throwable::getMessage)
                        .containsExactly("there"));
    }

    @Test
    void anInterruptedCallerWaitsAndStaysInterrupted() {
        CountDownLatch interrupted = new CountDownLatch(1);
        Thread caller = Thread.currentThread();

        String made = SideBySide.aside(
                "aside",
                () -> {
                    await(interrupted);
                    return "made";
                },
                () -> {
                    caller.interrupt();
                    interrupted.countDown();
                });

        assertThat(made).isEqualTo("made");
        assertThat(caller.isInterrupted()).isTrue();
    }

    private static void meet(CyclicBarrier barrier) {
        try {
            barrier.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
            throw new AssertionError("the others did not come", e);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }

    private static void spinUntil(BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.onSpinWait();
        }
    }
}
