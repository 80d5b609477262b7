package dev.luna.api.reco;

import java.util.UUID;

/** The order of ids in rankings and in PostgreSQL: by their text, which is not {@link UUID#compareTo}. */
final class IdOrder {

    private IdOrder() {}

    static int compare(UUID left, UUID right) {
        int high = Long.compareUnsigned(left.getMostSignificantBits(), right.getMostSignificantBits());
        return high != 0 ? high : Long.compareUnsigned(left.getLeastSignificantBits(), right.getLeastSignificantBits());
    }
}
