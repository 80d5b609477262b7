package dev.luna.api.reco;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.luna.batch.run.Eventually;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CoalescerTest {

    private static final int MOST = 4;
    private static final Duration NEVER = Duration.ofDays(1);
    private static final Set<Thread.State> WAITS_OR_ENDED =
            Set.of(Thread.State.WAITING, Thread.State.TIMED_WAITING, Thread.State.TERMINATED);

    /** Answers a number with its negative, and keeps what was asked together and by which thread. */
    private static final class Negatives implements Coalescer.Exchange<Integer, Integer> {
        private final List<List<Integer>> exchanges = new ArrayList<>();
        private final List<Thread> carriers = new ArrayList<>();

        @Override
        public List<Integer> answers(List<Integer> questions) {
            exchanges.add(questions);
            carriers.add(Thread.currentThread());
            return questions.stream().map(question -> -question).toList();
        }
    }

    /** Holds the exchange of question 1 up until told, so that others come meanwhile. */
    private static final class Held {
        private final CountDownLatch began = new CountDownLatch(1);
        private final CountDownLatch mayEnd = new CountDownLatch(1);
        private final Negatives negatives = new Negatives();
        private final Coalescer<Integer, Integer> coalescer;

        private Held(Executor carrier) {
            coalescer = new Coalescer<>(carrier, MOST, NEVER, this::answers);
        }

        private Held() {
            this(Coalescer.carrier("carrier"));
        }

        private List<Integer> answers(List<Integer> questions) {
            if (questions.contains(1)) {
                began.countDown();
                join(mayEnd);
            }
            if (questions.contains(13)) {
                throw new IllegalStateException("unlucky");
            }
            return negatives.answers(questions);
        }

        /** Asks question 1, and the others in their order once that is under way; returns the answers to come. */
        private List<CompletableFuture<Integer>> askWhileHeld(int... others) throws InterruptedException {
            List<CompletableFuture<Integer>> answers = new ArrayList<>();
            answers.add(start(1));
            join(began);
            for (int other : others) {
                answers.add(start(other));
            }
            mayEnd.countDown();
            return answers;
        }

        private CompletableFuture<Integer> start(int question) throws InterruptedException {
            CompletableFuture<Integer> answer = new CompletableFuture<>();
            Thread asker = new Thread(() -> {
                try {
                    answer.complete(coalescer.ask(question));
                } catch (RuntimeException e) {
                    answer.completeExceptionally(e);
                }
            });
            asker.start();
            Eventually.holds("the question waits or is answered", () -> WAITS_OR_ENDED.contains(asker.getState()));
            return answer;
        }
    }

    @Test
    void whatIsAskedMeanwhileGoesTogetherWithTheNextExchange() throws InterruptedException {
        Held held = new Held();

        List<CompletableFuture<Integer>> answers = held.askWhileHeld(2, 3, 4);

        assertThat(answers.stream().map(CompletableFuture::join)).containsExactly(-1, -2, -3, -4);
        assertThat(held.negatives.exchanges).containsExactly(List.of(1), List.of(2, 3, 4));
    }

    @Test
    void anExchangeCarriesSoManyAndTheOthersTheNext() throws InterruptedException {
        Held held = new Held();

        List<CompletableFuture<Integer>> answers = held.askWhileHeld(2, 3, 4, 5, 6, 7);

        assertThat(answers.stream().map(CompletableFuture::join)).containsExactly(-1, -2, -3, -4, -5, -6, -7);
        assertThat(held.negatives.exchanges).containsExactly(List.of(1), List.of(2, 3, 4, 5), List.of(6, 7));
    }

    @Test
    void aFailureIsThrownToAllThatItsExchangeCarriedAndToNobodyElse() throws InterruptedException {
        Held held = new Held();

        List<CompletableFuture<Integer>> answers = held.askWhileHeld(2, 13, 4, 5, 6);

        assertThat(answers.get(0).join()).isEqualTo(-1);
        for (CompletableFuture<Integer> together : answers.subList(1, 5)) {
            assertThatThrownBy(together::join)
                    .cause()
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("unlucky");
        }
        assertThat(answers.get(5).join()).isEqualTo(-6);
        assertThat(held.coalescer.ask(7)).isEqualTo(-7);
    }

    @Test
    void whoAsksWithoutCompanyForAWhileCarriesTheQuestionHerself() {
        AtomicInteger handOvers = new AtomicInteger();
        Executor counting = task -> {
            handOvers.incrementAndGet();
            task.run();
        };
        Coalescer<Integer, Integer> coalescer = new Coalescer<>(counting, MOST, NEVER, new Negatives());

        for (int question = 0; question < Coalescer.ALONE + 5; question++) {
            assertThat(coalescer.ask(question)).isEqualTo(-question);
        }

        assertThat(handOvers).hasValue(Coalescer.ALONE);
    }

    @Test
    void whoCarriesTheQuestionHerselfHandsOverWhatWasAskedMeanwhile() throws InterruptedException {
        Held held = new Held(Runnable::run);
        for (int question = 101; question <= 100 + Coalescer.ALONE; question++) {
            held.coalescer.ask(question);
        }
        held.negatives.exchanges.clear();

        List<CompletableFuture<Integer>> answers = held.askWhileHeld(2, 3);

        assertThat(answers.stream().map(CompletableFuture::join)).containsExactly(-1, -2, -3);
        assertThat(held.negatives.exchanges).containsExactly(List.of(1), List.of(2, 3));
    }

    @Test
    void whoWaitsTooLongForTheExchangeOfOthersGoesAlone() {
        CountDownLatch began = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        Coalescer<Integer, Integer> coalescer =
                new Coalescer<>(Coalescer.carrier("carrier"), MOST, Duration.ofMillis(1), questions -> {
                    if (questions.contains(1)) {
                        began.countDown();
                        join(mayEnd);
                    }
                    return questions.stream().map(question -> -question).toList();
                });
        CompletableFuture<Integer> hangs = CompletableFuture.supplyAsync(() -> coalescer.ask(1));
        join(began);

        assertThat(coalescer.ask(2)).isEqualTo(-2);
        assertThat(coalescer.ask(3)).isEqualTo(-3);
        assertThat(hangs).isNotDone();

        mayEnd.countDown();
        assertThat(hangs.join()).isEqualTo(-1);
        assertThat(coalescer.ask(4)).isEqualTo(-4);
    }

    @Test
    void withoutAThreadToCarryThemQuestionsAreAnsweredAllTheSame() {
        Executor none = task -> {
            throw new RejectedExecutionException("no thread");
        };
        Negatives negatives = new Negatives();
        Coalescer<Integer, Integer> coalescer = new Coalescer<>(none, MOST, NEVER, negatives);

        assertThat(coalescer.ask(1)).isEqualTo(-1);
        assertThat(coalescer.ask(2)).isEqualTo(-2);
        assertThat(negatives.carriers).containsOnly(Thread.currentThread());
    }

    @Test
    void manyAskersGetTheirOwnAnswersFromOneExchangeAtATimeThatBeganAfterTheyAsked() throws InterruptedException {
        AtomicLong clock = new AtomicLong();
        AtomicInteger underWay = new AtomicInteger();
        ConcurrentLinkedQueue<String> faults = new ConcurrentLinkedQueue<>();
        // A question is the moment it was asked at, its answer the moment its exchange began.
        Coalescer<Long, long[]> coalescer = new Coalescer<>(Coalescer.carrier("carrier"), MOST, NEVER, questions -> {
            long began = clock.incrementAndGet();
            if (underWay.incrementAndGet() > 1) {
                faults.add("two at once");
            }
            if (questions.isEmpty() || questions.size() > MOST) {
                faults.add(questions.size() + " together");
            }
            underWay.decrementAndGet();
            return questions.stream()
                    .map(question -> new long[] {question, began})
                    .toList();
        });
        List<Thread> askers = new ArrayList<>();
        for (int asker = 0; asker < 8; asker++) {
            SplittableRandom random = new SplittableRandom(asker);
            askers.add(new Thread(() -> {
                for (int i = 0; i < 2_000; i++) {
                    long asked = clock.incrementAndGet();
                    long[] answer = coalescer.ask(asked);
                    if (answer[0] != asked || answer[1] <= asked) {
                        faults.add("asked at %d, got the answer to %d of %d".formatted(asked, answer[0], answer[1]));
                    }
                    for (int pause = random.nextInt(200); pause > 0; pause--) {
                        Thread.onSpinWait();
                    }
                }
            }));
        }
        askers.forEach(Thread::start);
        for (Thread asker : askers) {
            asker.join();
        }

        assertThat(faults).isEmpty();
    }

    private static void join(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
