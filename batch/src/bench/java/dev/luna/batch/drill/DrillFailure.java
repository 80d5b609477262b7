package dev.luna.batch.drill;

/** Something that must come did not; the message says what. */
final class DrillFailure extends RuntimeException {

    DrillFailure(String message) {
        super(message);
    }
}
