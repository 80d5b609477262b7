package dev.luna.api.friends;

/** Kinds of social edges, as in {@code user_social_edges.relationship_type}. */
enum RelationshipType {
    FRIEND,
    MUTUAL,
    SUGGESTED
}
