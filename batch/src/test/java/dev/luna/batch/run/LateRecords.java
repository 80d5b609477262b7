package dev.luna.batch.run;

import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** An owner that is only late: what is declared failed in Spring Batch's records, he overwrites a few times. */
final class LateRecords implements AutoCloseable {

    private final JdbcClient jdbc;
    private final String table;

    private LateRecords(JdbcClient jdbc, String table) {
        this.jdbc = jdbc;
        this.table = table;
    }

    /** Records of the table get this status in place of FAILED, so many times. */
    static LateRecords over(DataSource dataSource, String table, String status, int times) {
        JdbcClient jdbc = JdbcClient.create(dataSource);
        jdbc.sql("create table late_records (left_to_write int not null)").update();
        jdbc.sql("insert into late_records values (?)").param(times).update();
        jdbc.sql("""
                        create function write_late() returns trigger language plpgsql as $$
                        begin
                          update late_records set left_to_write = left_to_write - 1 where left_to_write > 0;
                          if found then
                            new.status := tg_argv[0];
                            new.end_time := null;
                          end if;
                          return new;
                        end
                        $$
                        """).update();
        jdbc.sql("""
                        create trigger write_late before update on %s
                          for each row when (new.status = 'FAILED') execute function write_late('%s')
                        """.formatted(table, status)).update();
        return new LateRecords(jdbc, table);
    }

    /** How often he will write yet. */
    int left() {
        return jdbc.sql("select left_to_write from late_records")
                .query(Integer.class)
                .single();
    }

    @Override
    public void close() {
        jdbc.sql("drop trigger write_late on " + table).update();
        jdbc.sql("drop function write_late").update();
        jdbc.sql("drop table late_records").update();
    }
}
