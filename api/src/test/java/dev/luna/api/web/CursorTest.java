package dev.luna.api.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpStatus;

class CursorTest {

    private static final char LIST = 'v';
    private static final int QUESTION = 3;
    private static final UUID ID = UUID.fromString("00000000-0000-4000-8000-000000000001");

    @Test
    void whatWasWrittenIsRead() {
        Cursor cursor = Cursor.read(Cursor.after(LIST, QUESTION, 2.5, ID), LIST, QUESTION, 24);

        assertThat(cursor.nextDistance()).isEqualTo(2.5);
        assertThat(cursor.nextId()).isEqualTo(ID);
    }

    @Test
    void aByteMoreOrLessIsRefused() {
        String number = Cursor.after(LIST, QUESTION, 7);

        assertThat(Cursor.read(number, LIST, QUESTION, 8).nextNumber()).isEqualTo(7);
        assertRefused(() -> Cursor.read(number, LIST, QUESTION, 7));
        assertRefused(() -> Cursor.read(number, LIST, QUESTION, 9));
    }

    @Test
    void aCursorOfAnotherListIsRefused() {
        String cursor = Cursor.after('u', QUESTION, ID);

        assertRefused(() -> Cursor.read(cursor, LIST, QUESTION, 16));
    }

    /** What a cursor holds, and how questions are numbered, may change from one version to the next. */
    @Test
    void anotherVersionIsAmongTheReasonsOfARefusal() {
        String cursor = Cursor.after(LIST, QUESTION, 7);

        for (ThrowingCallable reading : List.<ThrowingCallable>of(
                () -> Cursor.read(cursor, LIST, QUESTION + 1, 8), () -> Cursor.read(cursor, LIST, QUESTION, 9))) {
            assertRefused(reading).withMessageContaining("by this version of Luna");
        }
    }

    @Test
    void distancesAreNumbersFromZero() {
        for (double distance : new double[] {Double.NaN, -1, Double.NEGATIVE_INFINITY}) {
            Cursor cursor = Cursor.read(Cursor.after(LIST, QUESTION, distance, ID), LIST, QUESTION, 24);
            assertRefused(cursor::nextDistance);
        }
    }

    /** Among them texts that have the same hash code, are read the same when joined, or say what is not there. */
    @Test
    void otherQuestionsHaveOtherNumbers() {
        Object[][] questions = {
            {},
            {null},
            {""},
            {"null"},
            {"-1"},
            {"Aa"},
            {"BB"},
            {2.5},
            {-2.5},
            {List.of(52.52, 13.405)},
            {List.of(13.405, 52.52)},
            {(Object) new String[] {"a, b"}},
            {(Object) new String[] {"a", "b"}},
            {new String[] {"a"}, "b"},
            {new String[] {}, "a", "b"},
            {ID},
            {ID, null},
            {null, ID}
        };

        assertThat(Stream.of(questions).map(Cursor::question)).doesNotHaveDuplicates();
    }

    /** Servers of different Javas understand each other's cursors. */
    @Test
    void aQuestionHasTheSameNumberEverywhere() {
        // Java 17 writes the double as 1.9999999999999998E23, a later one as 2.0E23.
        assertThat(Cursor.question("cafe", 3, 2.0E23, null, ID)).isEqualTo(0x6108e2f695ac8fb5L);
    }

    private static ThrowableAssertAlternative<ProblemException> assertRefused(ThrowingCallable reading) {
        return assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(reading)
                .satisfies(refused -> assertThat(refused.getStatusCode()).isEqualTo(HttpStatus.BAD_REQUEST))
                .withMessageContaining("cursor");
    }
}
