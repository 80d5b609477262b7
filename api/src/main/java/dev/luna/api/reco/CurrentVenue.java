package dev.luna.api.reco;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A venue as the table has it, as far as rankings need it. */
record CurrentVenue(
        UUID id,
        String name,
        @Nullable String category,
        double latDegrees,
        double lngDegrees,
        @Nullable Integer priceLevel,
        @Nullable Double rating) {

    static CurrentVenue of(ResultSet row) throws SQLException {
        return new CurrentVenue(
                row.getObject("id", UUID.class),
                row.getString("name"),
                row.getString("category"),
                row.getDouble("lat"),
                row.getDouble("lng"),
                row.getObject("price_level", Integer.class),
                row.getObject("rating", Double.class));
    }
}
