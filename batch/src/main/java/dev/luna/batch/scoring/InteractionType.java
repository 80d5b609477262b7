package dev.luna.batch.scoring;

/** What a user did with a venue. Which types count as likes is a matter of the {@link ScoringProfile}. */
public enum InteractionType {
    VIEW,
    INTEREST,
    LIKE
}
