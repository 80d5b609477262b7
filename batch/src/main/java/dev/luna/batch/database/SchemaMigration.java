package dev.luna.batch.database;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.CoreErrorCode;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.exception.FlywayValidateException;
import org.flywaydb.core.api.output.ValidateOutput;
import org.flywaydb.core.api.output.ValidateResult;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.flyway.autoconfigure.FlywayMigrationStrategy;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Brings a database to this program's schema at each start. A database that is not fit for Luna, holds another program's
 * tables or was migrated by a newer Luna is refused in a sentence, unchanged.
 */
@Component
final class SchemaMigration implements FlywayMigrationStrategy {

    private static final Logger log = LoggerFactory.getLogger(SchemaMigration.class);

    private static final int OLDEST_VERSION = 14;

    /** Which stands for itself in a search path. */
    private static final String PLAIN_NAME = "[^\\s\",$\\p{Lu}]+";

    private static final String OWN_PLACE =
            "give Luna a database of its own, or a schema, by ?currentSchema=NAME in SPRING_DATASOURCE_URL";

    private static final String OTHERS_HISTORY = "the database has a schema history that is not Luna's; " + OWN_PLACE;

    @Override
    public void migrate(Flyway flyway) {
        DataSource dataSource = flyway.getConfiguration().getDataSource();
        JdbcClient jdbc = JdbcClient.create(dataSource);
        refuseUnfit(dataSource);
        refuseOthersTables(jdbc);
        refuseOthersHistory(jdbc, flyway.getConfiguration().getTable());
        // By default Flyway lets a program work on the schema of a newer one.
        Flyway strict = Flyway.configure()
                .configuration(flyway.getConfiguration())
                .ignoreMigrationPatterns(new String[0])
                // Whichever process upgrades takes as long as it takes; the others wait for it, see BriefLocks.
                .lockRetryCount(BriefLocks.ATTEMPTS_AT_TURN)
                .callbacks(new BriefLocks())
                .load();
        try {
            BriefLocks.retry(strict::migrate, jdbc);
        } catch (FlywayValidateException e) {
            throw new DatabaseStartException(reason(strict.validateWithResult()), e);
        } catch (FlywayException e) {
            if (e.getErrorCode() == CoreErrorCode.NON_EMPTY_SCHEMA_WITHOUT_SCHEMA_HISTORY_TABLE) {
                throw new DatabaseStartException("the database has tables that are not Luna's; " + OWN_PLACE, e);
            }
            throw e;
        }
        adoptTransactionNumbers(jdbc);
    }

    private static void refuseUnfit(DataSource dataSource) {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("""
                        select current_setting('server_version'), current_setting('server_encoding'),
                               has_database_privilege(current_database(), 'TEMPORARY'), current_user, current_database(),
                               session_user, pg_has_role(session_user, 'USAGE') or pg_has_role('pg_signal_backend', 'USAGE'),
                               (select rolsuper from pg_roles where rolname = session_user)
                                 and not (select rolsuper from pg_roles where rolname = current_user),
                               current_schema(), current_setting('search_path')
                        """)) {
            row.next();
            int version = connection.getMetaData().getDatabaseMajorVersion();
            if (version < OLDEST_VERSION) {
                throw new DatabaseStartException("the database is PostgreSQL %s; Luna needs %d or newer"
                        .formatted(row.getString(1), OLDEST_VERSION));
            }
            if (!row.getString(2).equals("UTF8")) {
                throw new DatabaseStartException(
                        "the database's encoding is %s, which cannot hold every name; make one with: create database NAME encoding 'UTF8' template template0"
                                .formatted(row.getString(2)));
            }
            if (!row.getBoolean(3)) {
                throw new DatabaseStartException(
                        "the role %s may not make temporary tables, which imports and refresh runs need; grant it TEMPORARY on the database %s"
                                .formatted(row.getString(4), row.getString(5)));
            }
            // A session belongs to who signed in, whichever role acts in it. A superuser's is ended by superusers only.
            if (row.getBoolean(8)) {
                throw new DatabaseStartException(
                        "the role %1$s, which the superuser %2$s acts as, may not end the sessions of a superuser, which taking a run over from a frozen process needs; sign in as %1$s itself"
                                .formatted(row.getString(4), row.getString(6)));
            }
            if (!row.getBoolean(7)) {
                throw new DatabaseStartException(
                        "the role %1$s, which %2$s acts as, may not end the sessions of %2$s, which taking a run over from a frozen process needs; grant %1$s pg_signal_backend"
                                .formatted(row.getString(4), row.getString(6)));
            }
            // Flyway would make a schema by the name of the whole path: the right one only where that is a plain name.
            if (row.getString(9) == null && !row.getString(10).matches(PLAIN_NAME)) {
                throw new DatabaseStartException(
                        UnusableDatabase.withoutSchema("the search_path %s has no schema that the role %s may use"
                                .formatted(row.getString(10), row.getString(4))));
            }
        } catch (SQLException e) {
            throw new DatabaseStartException(UnusableDatabase.describeRefusal(e), e);
        }
    }

    /**
     * Tables of another role, as a dump leaves them that somebody else restored without owners. Privileges on them are not
     * enough: runs make and drop partitions, upgrades change the tables. The partitions and what they are of stand for all.
     */
    private static void refuseOthersTables(JdbcClient jdbc) {
        jdbc.sql("""
                        select format('the table %s belongs to the role %s, but has to be Luna''s own; restore a dump as the role %s, '
                                        || 'or give it all of Luna''s in the schema %s, as by: alter table %1$I owner to %3$I',
                                      relname, pg_get_userbyid(relowner), current_user, current_schema())
                        from pg_class
                        where relnamespace = (select oid from pg_namespace where nspname = current_schema())
                          and relkind in ('r', 'p') and not pg_has_role(relowner, 'USAGE')
                          and relname ~ '^(run_venue|run_input|venue_ranking|companion_ranking)(_[0-9]+)?$'
                        order by relname
                        limit 1
                        """).query(String.class).optional().ifPresent(reason -> {
            throw new DatabaseStartException(reason);
        });
    }

    /** Flyway fails on a table that is not as it makes it, and passes over a beginning that is not Luna's. */
    private static void refuseOthersHistory(JdbcClient jdbc, String name) {
        Optional<Boolean> isOfFlyway =
                jdbc.sql("""
                        select relkind = 'r' and (
                          select count(*) from pg_attribute
                          where attrelid = c.oid and (attname, atttypid::regtype::text) in (
                            ('installed_rank', 'integer'), ('version', 'character varying'),
                            ('description', 'character varying'), ('type', 'character varying'),
                            ('script', 'character varying'), ('checksum', 'integer'),
                            ('installed_by', 'character varying'), ('installed_on', 'timestamp without time zone'),
                            ('execution_time', 'integer'), ('success', 'boolean'))) = 10
                        from pg_class c
                        where relnamespace = (select oid from pg_namespace where nspname = current_schema())
                          and relname = :name
                        """).param("name", name).query(Boolean.class).optional();
        boolean isOthers = isOfFlyway.isPresent()
                && (!isOfFlyway.get()
                        || jdbc.sql("""
                                        select exists (select from "%1$s" where version <> '0')
                                          and not exists (select from "%1$s" where version = '1' and type = 'SQL')
                                        """.formatted(name)).query(Boolean.class).single());
        if (isOthers) {
            throw new DatabaseStartException(OTHERS_HISTORY);
        }
    }

    private static String reason(ValidateResult result) {
        List<ValidateOutput> invalid = result.invalidMigrations;
        boolean isNewer = invalid.stream()
                .allMatch(migration ->
                        migration.errorDetails.errorCode == CoreErrorCode.APPLIED_VERSIONED_MIGRATION_NOT_RESOLVED);
        if (isNewer && !invalid.isEmpty()) {
            MigrationVersion newest = invalid.stream()
                    .map(migration -> MigrationVersion.fromVersion(migration.version))
                    .max(Comparator.naturalOrder())
                    .orElseThrow();
            return "the database was migrated by a newer Luna, to schema version %s, which this program does not know; start that Luna instead"
                    .formatted(newest);
        }
        return OTHERS_HISTORY;
    }

    /** See V20: which changes a run has seen is told by transaction numbers, which a dump takes to where they mean nothing. */
    private static void adoptTransactionNumbers(JdbcClient jdbc) {
        if (jdbc.sql("select adopt_transaction_numbers()").query(Boolean.class).single()) {
            log.warn(
                    "This database comes from another server, as from a dump. Whoever changed since the oldest kept run is ranked at each read until the next run");
        }
    }
}
