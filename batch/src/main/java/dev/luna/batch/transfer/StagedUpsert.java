package dev.luna.batch.transfer;

import java.util.List;
import java.util.function.UnaryOperator;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Writes staged rows into their table. Rows that are there as the file has them are neither changed nor locked; columns
 * that the file does not have keep what they hold. Others may refer to users and venues meanwhile, but for those that are
 * new and users who change their handle or home.
 */
final class StagedUpsert {

    private final JdbcClient jdbc;

    StagedUpsert(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Writes one file.
     *
     * @return number of rows inserted or changed
     */
    long write(StagedFile file) {
        if (file.dataset() == Dataset.USERS) {
            freeHandles();
        } else if (file.dataset() == Dataset.SOCIAL_EDGES) {
            makeRoomForPairs(file);
        }
        if (file.isTimeMissing()) {
            keepTimes(file.dataset());
        }
        long changed = upsert(file);
        if (file.dataset() == Dataset.USERS) {
            takeHandles();
        }
        return changed;
    }

    /**
     * Users may swap handles within a file, so those that change theirs give it up first, for one that nobody can have
     * taken on purpose.
     */
    private void freeHandles() {
        jdbc.sql("""
                        update users u
                        set handle = 'importing ' || gen_random_uuid()
                        from import_users s
                        where s.id = u.id and s.handle <> u.handle
                        """).update();
    }

    /**
     * Apart from the upsert: PostgreSQL lets nobody refer to a row that an upsert sets a key of, whether it changes or not.
     */
    private void takeHandles() {
        jdbc.sql("""
                        update users u
                        set handle = s.handle
                        from import_users s
                        where s.id = u.id and s.handle <> u.handle
                        """).update();
    }

    /**
     * A pair has one edge, and the file decides which: an edge without id takes that of its pair, unless another row has it,
     * others replace it.
     */
    private void makeRoomForPairs(StagedFile file) {
        jdbc.sql("""
                        update import_social_edges s
                        set id = coalesce(s.id, case when moved.id is null then e.id end),
                            created_at = coalesce(s.created_at, e.created_at)
                        from user_social_edges e
                        left join import_social_edges moved on moved.id = e.id
                        where e.user_id = s.user_id and e.other_user_id = s.other_user_id
                          and (s.id is null or s.created_at is null)
                        """).update();
        jdbc.sql("""
                        delete from user_social_edges e
                        using import_social_edges s
                        where e.user_id = s.user_id and e.other_user_id = s.other_user_id and e.id <> s.id
                        """).update();
        if (file.header().has("id")) {
            // An id that moves to another pair would meet the edge that is still there.
            jdbc.sql("""
                            delete from user_social_edges e
                            using import_social_edges s
                            where e.id = s.id and (e.user_id, e.other_user_id) <> (s.user_id, s.other_user_id)
                            """).update();
        }
    }

    /** A row without a time keeps that of the row it updates. */
    private void keepTimes(Dataset dataset) {
        jdbc.sql("""
                        update %s s
                        set created_at = t.created_at
                        from %s t
                        where t.id = s.id and s.created_at is null
                        """.formatted(dataset.stagingTable(), dataset.table())).update();
    }

    private long upsert(StagedFile file) {
        List<String> columns = file.dataset().columns().stream()
                .map(Column::name)
                .filter(name -> file.header().has(name) || name.equals("id") || name.equals("created_at"))
                .toList();
        List<String> changing = columns.stream()
                .filter(name -> !name.equals("id") && !name.equals("handle"))
                .toList();
        // A conflict locks the row until the end of the transaction, so rows that are the same must not come to one.
        return jdbc.sql("""
                        insert into %1$s (%2$s)
                        select %3$s from %4$s s
                        where not exists (
                          select from %1$s t where t.id = s.id and (%5$s) is not distinct from (%6$s))
                        on conflict (id) do update set %7$s
                        """.formatted(
                                file.dataset().table(),
                                String.join(", ", columns),
                                join(columns, StagedUpsert::staged),
                                file.dataset().stagingTable(),
                                join(columns, name -> "t." + name),
                                join(columns, name -> "s." + name),
                                join(changing, name -> name + " = excluded." + name)))
                .update();
    }

    private static String staged(String column) {
        return switch (column) {
            case "id" -> "coalesce(s.id, gen_random_uuid())";
            case "created_at" -> "coalesce(s.created_at, now())";
            default -> "s." + column;
        };
    }

    private static String join(List<String> columns, UnaryOperator<String> each) {
        return String.join(", ", columns.stream().map(each).toList());
    }
}
