package dev.luna.api.venues;

import dev.luna.api.web.ConstraintName;
import dev.luna.api.web.ProblemException;
import dev.luna.api.web.SqlFilter;
import dev.luna.api.web.WriteTransactions;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/** The table {@code venues}. */
@Repository
class VenueStore {

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;

    VenueStore(JdbcClient jdbc, @Qualifier(WriteTransactions.NAME) PlatformTransactionManager transactionManager) {
        this.jdbc = jdbc;
        this.transaction = new TransactionTemplate(transactionManager);
    }

    @Transactional(WriteTransactions.NAME)
    public Venue insert(VenueFields fields) {
        return jdbc.sql("""
                        insert into venues (name, description, category, lat, lng, price_level, rating)
                        values (:name, :description, :category, :lat, :lng, :priceLevel, :rating)
                        returning id, name, description, category, lat, lng, price_level, rating, created_at
                        """).paramSource(fields).query(VenueStore::venue).single();
    }

    Optional<Venue> find(UUID id) {
        return jdbc.sql("""
                        select id, name, description, category, lat, lng, price_level, rating, created_at
                        from venues
                        where id = :id
                        """).param("id", id).query(VenueStore::venue).optional();
    }

    List<Venue> list(VenueQuery query) {
        return query.near() == null ? listById(query) : listByDistance(query, query.near());
    }

    private List<Venue> listById(VenueQuery query) {
        SqlFilter filter = filter(query);
        if (query.afterId() != null) {
            filter.and("id > :afterId").bind("afterId", query.afterId());
        }
        return jdbc.sql("""
                        select id, name, description, category, lat, lng, price_level, rating, created_at
                        from venues
                        where %s
                        order by id
                        limit :limit
                        """.formatted(filter.clause()))
                .params(filter.parameters())
                .query(VenueStore::venue)
                .list();
    }

    /**
     * Haversine kilometres with R = 6371.0. Degrees below 1e-100 count as that much, because PostgreSQL raises an error
     * when a product underflows; the same point is 0 exactly.
     */
    private List<Venue> listByDistance(VenueQuery query, GeoPoint near) {
        SqlFilter filter = filter(query).bind("nearLat", near.lat()).bind("nearLng", near.lng());
        if (query.radiusKm() != null) {
            GeoBox box = GeoBox.around(near, query.radiusKm());
            filter.and("lat between :south and :north")
                    .bind("south", box.south())
                    .bind("north", box.north());
            filter.and("(lng between :west and :east or lng between :secondWest and :secondEast)")
                    .bind("west", box.west())
                    .bind("east", box.east())
                    .bind("secondWest", box.secondWest())
                    .bind("secondEast", box.secondEast());
        }
        SqlFilter byDistance = new SqlFilter();
        if (query.radiusKm() != null) {
            byDistance.and("distance_km <= :radiusKm").bind("radiusKm", query.radiusKm());
        }
        if (query.afterId() != null && query.afterDistanceKm() != null) {
            byDistance
                    .and("(distance_km, id) > (:afterDistanceKm, :afterId)")
                    .bind("afterDistanceKm", query.afterDistanceKm())
                    .bind("afterId", query.afterId());
        }
        return jdbc.sql("""
                        with candidate as (
                          select id, name, description, category, lat, lng, price_level, rating, created_at,
                                 sin(radians(greatest(abs(lat - :nearLat), 1e-100)) / 2) as half_lat,
                                 sin(radians(greatest(abs(lng - :nearLng), 1e-100)) / 2) as half_lng
                          from venues
                          where %s
                        ), measured as (
                          select id, name, description, category, lat, lng, price_level, rating, created_at,
                                 case when lat = :nearLat and lng = :nearLng then 0
                                      else 2 * 6371.0::float8 * asin(least(1, sqrt(half_lat * half_lat
                                        + cos(radians(greatest(abs(lat), 1e-100))) * cos(radians(:nearLat)) * half_lng * half_lng)))
                                 end as distance_km
                          from candidate
                        )
                        select id, name, description, category, lat, lng, price_level, rating, created_at, distance_km
                        from measured
                        where %s
                        order by distance_km, id
                        limit :limit
                        """.formatted(filter.clause(), byDistance.clause()))
                .params(filter.parameters())
                .params(byDistance.parameters())
                .query((row, n) -> venue(row, row.getDouble("distance_km")))
                .list();
    }

    private static SqlFilter filter(VenueQuery query) {
        SqlFilter filter = new SqlFilter().bind("limit", query.limit());
        if (!query.categories().isEmpty()) {
            filter.and("category in (:categories)").bind("categories", query.categories());
        }
        if (query.maxPriceLevel() != null) {
            filter.and("price_level <= :maxPriceLevel").bind("maxPriceLevel", query.maxPriceLevel());
        }
        if (query.minRating() != null) {
            filter.and("rating >= :minRating").bind("minRating", query.minRating());
        }
        return filter;
    }

    /**
     * Changes one venue under a row lock, so that two changes of different fields both stay. Others may refer to it meanwhile:
     * an import does, and this may have to wait for it.
     */
    @Transactional(WriteTransactions.NAME)
    public Optional<Venue> update(UUID id, UnaryOperator<VenueFields> change) {
        Optional<Venue> current =
                jdbc.sql("""
                        select id, name, description, category, lat, lng, price_level, rating, created_at
                        from venues
                        where id = :id
                        for no key update
                        """).param("id", id).query(VenueStore::venue).optional();
        if (current.isEmpty()) {
            return current;
        }
        VenueFields fields = change.apply(current.get().fields());
        return jdbc.sql("""
                        update venues
                        set name = :name, description = :description, category = :category, lat = :lat, lng = :lng,
                            price_level = :priceLevel, rating = :rating
                        where id = :id
                        returning id, name, description, category, lat, lng, price_level, rating, created_at
                        """)
                .param("id", id)
                .param("name", fields.name())
                .param("description", fields.description())
                .param("category", fields.category())
                .param("lat", fields.lat())
                .param("lng", fields.lng())
                .param("priceLevel", fields.priceLevel())
                .param("rating", fields.rating())
                .query(VenueStore::venue)
                .optional();
    }

    /** Deletes a venue with its interactions; false when there is none. */
    boolean delete(UUID id) {
        try {
            // A refusal ends the transaction, and is explained after it.
            return transaction.execute(status -> {
                // The foreign key of plans refuses only when all interactions are deleted.
                long plans = plansAt(id);
                if (plans > 0) {
                    throw planned(id, plans);
                }
                // In the order of every change of venues, which ends in the catalog, and so that others may refer to
                // the venue meanwhile. Else an import and this could wait for each other.
                if (jdbc.sql("select 1 from venues where id = :id for no key update")
                        .param("id", id)
                        .query(Integer.class)
                        .optional()
                        .isEmpty()) {
                    return false;
                }
                jdbc.sql("select 1 from venue_catalog for update")
                        .query(Integer.class)
                        .single();
                WriteTransactions.waitBriefly(jdbc);
                jdbc.sql("delete from venues where id = :id").param("id", id).update();
                return true;
            });
        } catch (DataIntegrityViolationException e) {
            if (!ConstraintName.of(e).equals("plans_venue_id_fkey")) {
                throw e;
            }
            throw planned(id, plansAt(id));
        }
    }

    private long plansAt(UUID id) {
        return jdbc.sql("select count(*) from plans where venue_id = :id")
                .param("id", id)
                .query(Long.class)
                .single();
    }

    private static ProblemException planned(UUID id, long plans) {
        return ProblemException.conflict(
                "%d plan(s) go to venue %s; first move those that are pending, and cancel and delete the others."
                        .formatted(plans, id));
    }

    private static Venue venue(ResultSet row, int rowNumber) throws SQLException {
        return venue(row, null);
    }

    private static Venue venue(ResultSet row, @Nullable Double distanceKm) throws SQLException {
        return new Venue(
                row.getObject("id", UUID.class),
                row.getString("name"),
                row.getString("description"),
                row.getString("category"),
                row.getDouble("lat"),
                row.getDouble("lng"),
                row.getObject("price_level", Integer.class),
                row.getObject("rating", Double.class),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                distanceKm);
    }
}
