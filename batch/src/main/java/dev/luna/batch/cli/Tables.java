package dev.luna.batch.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Values and rows as a terminal shows them: columns as wide as their widest value, numbers to the right. */
final class Tables {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneId.systemDefault());

    private Tables() {}

    /** Local time to the second; {@code -} for none. */
    static String time(@Nullable Instant moment) {
        return moment == null ? "-" : TIME.format(moment);
    }

    static String duration(Duration duration) {
        double seconds = duration.toMillis() / 1000.0;
        return seconds < 120
                ? String.format(Locale.ROOT, "%.1f s", seconds)
                : String.format(Locale.ROOT, "%d min %02d s", (long) seconds / 60, (long) seconds % 60);
    }

    static String bytes(long bytes) {
        if (bytes < 1_000_000) {
            return bytes == 0 ? "-" : String.format(Locale.ROOT, "%d kB", Math.round(bytes / 1e3));
        }
        return bytes < 1_000_000_000
                ? String.format(Locale.ROOT, "%.1f MB", bytes / 1e6)
                : String.format(Locale.ROOT, "%.2f GB", bytes / 1e9);
    }

    static String number(@Nullable Long number) {
        return number == null ? "-" : String.format(Locale.ROOT, "%,d", number);
    }

    /** So many of something: {@code 1 user}, {@code 2,000 users}. */
    static String count(@Nullable Long number, String one) {
        return number(number) + " " + one + (number != null && number == 1 ? "" : "s");
    }

    /** Lays rows out under their header; columns whose name begins with {@code >} are set to the right. */
    static String table(List<String> header, List<List<String>> rows) {
        List<List<String>> lines = new ArrayList<>();
        lines.add(header.stream()
                .map(name -> name.startsWith(">") ? name.substring(1) : name)
                .toList());
        lines.addAll(rows);
        StringBuilder text = new StringBuilder();
        for (List<String> line : lines) {
            StringBuilder laidOut = new StringBuilder();
            for (int column = 0; column < header.size(); column++) {
                int at = column;
                int width =
                        lines.stream().mapToInt(l -> l.get(at).length()).max().orElse(0);
                String padding = " ".repeat(width - line.get(column).length());
                boolean right = header.get(column).startsWith(">");
                laidOut.append(column == 0 ? "" : "  ")
                        .append(right ? padding : "")
                        .append(line.get(column))
                        .append(right ? "" : padding);
            }
            text.append(laidOut.toString().stripTrailing()).append(System.lineSeparator());
        }
        return text.toString().stripTrailing();
    }
}
