package dev.luna.api.interactions;

/** Kinds of interactions, as in {@code user_venue_interactions.interaction_type}. */
enum InteractionType {
    VIEW,
    INTEREST,
    LIKE
}
