package dev.luna.api.plans;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.luna.api.bookings.FakeProvider;
import dev.luna.api.web.ProblemException;
import dev.luna.batch.database.TestDatabase;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A plan is cancelled and plan by others at an exact moment of its confirmation. */
class GonePlanIT {

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

    private void assertConfirmationFindsNothing(String fatalStep) {
        assertThatThrownBy(() -> process(step -> {
                            if (step.equals(fatalStep)) {
                                delete();
                            }
                        })
                        .confirmations()
                        .confirm(plan))
                .as(fatalStep)
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("No plan has the id " + plan);
    }

    private void delete() {
        provider.behave(FakeProvider.Manner.CONFIRM);
        others.confirmations().cancel(plan);
        // Whoever confirms is frozen for so long that his claim lapses.
        DATABASE.jdbc()
                .sql("update bookings set claimed_until = null, next_attempt_at = now()")
                .update();
        others.bookings().sweep();
        others.confirmations().delete(plan);
    }

    private MortalProcess.Parts process(Consumer<String> steps) {
        return MortalProcess.Parts.of(DATABASE.dataSource(), provider.url(), steps);
    }
}
