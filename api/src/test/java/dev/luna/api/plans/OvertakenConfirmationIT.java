package dev.luna.api.plans;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.luna.api.bookings.BookingStatus;
import dev.luna.api.bookings.FakeProvider;
import dev.luna.api.web.ProblemException;
import dev.luna.batch.database.TestDatabase;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What others do at an exact moment of a plan's confirmation. */
class OvertakenConfirmationIT {

    private static final TestDatabase DATABASE = TestDatabase.migrated();

    private final FakeProvider provider = new FakeProvider();
    private final MortalProcess.Parts others = process(step -> {});
    private final UUID plan = KilledBookingIT.plan(DATABASE.jdbc());

    @ParameterizedTest
    @ValueSource(strings = {"before call", "after call"})
    void whoCallsTheProviderForAPlanThatIsGoneLearnsIt(String step) {
        assertConfirmationFindsNothing(step);
    }

    @Test
    void whoWaitsForTheBookingOfAPlanThatIsGoneLearnsIt() {
        provider.behave(FakeProvider.Manner.BROKEN);
        others.confirmations().confirm(plan);

        assertConfirmationFindsNothing("after commit 1");
    }

    @Test
    void whatIsCancelledBeforeTheProviderIsAskedIsNotAskedFor() {
        assertThatThrownBy(() ->
                        confirm("after commit 1", () -> others.confirmations().cancel(plan)))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining(
                        "Plan %s was called off while it was being confirmed: the plan was cancelled before the provider was asked.",
                        plan);

        assertThat(provider.calls()).isEmpty();
    }

    @Test
    void aPlanThatNobodyCancelledIsNotSaidToBeCalledOff() {
        provider.behave(FakeProvider.Manner.BROKEN);

        assertThatThrownBy(() -> confirm("after call", () -> update("start_time = now()")))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining(
                        "was given up: no answer within 1h, or before the start; last: the provider answered with status 500."
                                + " Plan %s is still pending and can be confirmed again once the booking is cancelled.",
                        plan);
    }

    @Test
    void aBookingWhosePlanHasBegunIsSaidToNeedAnotherStart() {
        provider.behave(FakeProvider.Manner.BROKEN);

        assertThatThrownBy(() -> confirm("after call", () -> {
                    update("start_time = now()");
                    DATABASE.jdbc().sql("update plans set start_time = now()").update();
                }))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining(
                        "Plan %s is still pending and can be confirmed again once the booking is cancelled and start_time is changed.",
                        plan);
    }

    @Test
    void whoTookOverFindsNothingGivenUpByTheCallBeforeHis() {
        provider.behave(FakeProvider.Manner.BROKEN);

        Confirmation confirmation =
                confirm("after call", () -> update("start_time = now(), claimed_until = now() + interval '1 minute'"));

        assertThat(confirmation.booking().status()).isEqualTo(BookingStatus.REQUESTED);
    }

    @Test
    void whoTookOverKeepsHisClaimWhateverComesOfTheCallBeforeHis() {
        provider.behave(FakeProvider.Manner.BROKEN);

        confirm("after call", () -> update("claimed_until = now() + interval '1 minute'"));

        assertThat(DATABASE.jdbc()
                        .sql("select coalesce(claimed_until > now(), false) from bookings where plan_id = ?")
                        .param(plan)
                        .query(Boolean.class)
                        .single())
                .isTrue();
    }

    private void assertConfirmationFindsNothing(String fatalStep) {
        assertThatThrownBy(() -> confirm(fatalStep, this::delete))
                .as(fatalStep)
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("No plan has the id " + plan);
    }

    private void delete() {
        provider.behave(FakeProvider.Manner.CONFIRM);
        others.confirmations().cancel(plan);
        // Whoever confirms is frozen for so long that his claim lapses.
        update("claimed_until = null, next_attempt_at = now()");
        others.bookings().sweep();
        others.confirmations().delete(plan);
    }

    private void update(String change) {
        DATABASE.jdbc().sql("update bookings set " + change).update();
    }

    private Confirmation confirm(String moment, Runnable meanwhile) {
        return process(step -> {
                    if (step.equals(moment)) {
                        // A thread of its own: this one is in a transaction, and the common pool's may be the only one
                        // there.
                        CompletableFuture.runAsync(meanwhile, task -> new Thread(task).start())
                                .join();
                    }
                })
                .confirmations()
                .confirm(plan);
    }

    private MortalProcess.Parts process(Consumer<String> steps) {
        return MortalProcess.Parts.of(DATABASE.dataSource(), provider.url(), steps);
    }
}
