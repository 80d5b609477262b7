package dev.luna.batch.cli;

import dev.luna.batch.reads.Load;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What reads were measured to be, as tables. Not thread-safe. */
final class ReadsReport {

    /** What is read. */
    enum Kind {
        ROW("row alone, decoded"),
        FULL("full answer"),
        CONDITIONAL("conditional, 304");

        private final String label;

        Kind(String label) {
            this.label = label;
        }
    }

    private static final int SLOWEST = 10;
    private static final double MOST_FOLD = 3;

    private final int users;
    private final int poolSize;
    private final List<List<String>> reads = new ArrayList<>();
    private final Map<String, Load> filtered = new LinkedHashMap<>();
    private @Nullable Load plain;

    /** Answers a second of the kind {@link Kind#ROW} at the clients that are being added. */
    private double limitPerSecond = Double.NaN;

    /**
     * @param users how many users are asked about
     * @param poolSize connections of the pool that rows are read through
     */
    ReadsReport(int users, int poolSize) {
        this.users = users;
        this.poolSize = poolSize;
    }

    /** Adds a row; {@link Kind#ROW} comes first for each number of clients. */
    void add(Kind kind, Load load) {
        if (kind == Kind.ROW) {
            limitPerSecond = load.perSecond();
        }
        reads.add(List.of(
                kind.label,
                Integer.toString(load.clients()),
                String.format(Locale.ROOT, "%,.0f", load.perSecond()),
                millis(load, 0.5),
                millis(load, 0.99),
                millis(load, 0.999),
                String.format(Locale.ROOT, "%.0f %%", 100 * load.perSecond() / limitPerSecond)));
    }

    void addPlain(Load load) {
        plain = plain == null ? load : plain.plus(load);
    }

    void addFiltered(String filters, Load load) {
        filtered.merge(filters, load, Load::plus);
    }

    /** What was read, and each kind of read at each number of clients. */
    String reads(JdbcClient jdbc) {
        String data = jdbc.sql("""
                        select format('%s users, %s venues; published run %s, %s',
                                      to_char(users_total, 'FM999,999,999'), to_char(venues_total, 'FM999,999,999'),
                                      id, kind)
                        from run where id = (select run_id from published_run)
                        """).query(String.class).single();
        return "data      %s%n".formatted(data)
                + "load      closed loop over %,d users; client, server and database share the cores; pool of %d%n%n"
                        .formatted(users, poolSize)
                + Tables.table(
                        List.of(
                                "read",
                                ">clients",
                                ">reads/s",
                                ">p50 ms",
                                ">p99 ms",
                                ">p99.9 ms",
                                ">of the row's rate"),
                        reads);
    }

    /** The slowest combinations of filters beside the plain read, and what holds of all. */
    String filters() {
        Load baseline = Objects.requireNonNull(plain, "the plain read is measured along with the filters");
        double median = baseline.quantileMillis(0.5);
        List<Map.Entry<String, Load>> slowestFirst = new ArrayList<>(filtered.entrySet());
        slowestFirst.sort(Comparator.comparingDouble(entry -> -entry.getValue().quantileMillis(0.5)));
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("none", millis(baseline, 0.5), millis(baseline, 0.99), "1.00"));
        for (Map.Entry<String, Load> entry : slowestFirst.subList(0, Math.min(SLOWEST, slowestFirst.size()))) {
            Load load = entry.getValue();
            rows.add(List.of(entry.getKey(), millis(load, 0.5), millis(load, 0.99), ratio(load, median)));
        }
        long within = slowestFirst.stream()
                .filter(entry -> entry.getValue().quantileMillis(0.5) <= MOST_FOLD * median)
                .count();
        return "%n".formatted()
                + Tables.table(
                        List.of("filters, one client, the slowest", ">p50 ms", ">p99 ms", ">p50 / plain p50"), rows)
                + "%n%d of all %d combinations within %.0f times the plain read at the median; their middle one at %s%n"
                        .formatted(
                                within,
                                slowestFirst.size(),
                                MOST_FOLD,
                                ratio(slowestFirst.get(slowestFirst.size() / 2).getValue(), median));
    }

    private static String ratio(Load load, double median) {
        return String.format(Locale.ROOT, "%.2f", load.quantileMillis(0.5) / median);
    }

    private static String millis(Load load, double share) {
        return String.format(Locale.ROOT, "%.3f", load.quantileMillis(share));
    }
}
