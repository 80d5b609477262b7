package dev.luna.batch.cli;

import dev.luna.batch.scoring.ScaleBenchmark.Point;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** Microseconds per user, from 0, over the number of venues, logarithmic, as an SVG picture. */
final class ScalePlot {

    private static final int WIDTH = 720;
    private static final int HEIGHT = 360;
    private static final int LEFT = 60;
    private static final int RIGHT = 20;
    private static final int TOP = 40;
    private static final int BOTTOM = 50;

    /** Width of a letter at most, on average. */
    private static final int LETTER = 8;

    private final List<Point> points;
    private final double most;

    private ScalePlot(List<Point> points) {
        this.points = points;
        // The next multiple of 5 above everything.
        this.most = 5
                * Math.floor(points.stream().mapToDouble(Point::allMicros).max().orElse(1) / 5 + 1);
    }

    /** The picture of at least one point. */
    static String svg(List<Point> points) {
        return new ScalePlot(points).draw();
    }

    private String draw() {
        StringBuilder svg = new StringBuilder();
        svg.append(line(
                "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 %d %d' font-family='sans-serif' font-size='13'>",
                WIDTH, HEIGHT));
        svg.append(line("<rect width='%d' height='%d' fill='white'/>", WIDTH, HEIGHT));
        svg.append(line(
                "<text x='%d' y='22' font-size='15'>Scoring one user on one thread, while venues grow at equal density</text>",
                LEFT));
        for (int tick = 0; tick <= 5; tick++) {
            double micros = most * tick / 5;
            svg.append(line(
                    "<line x1='%d' y1='%.1f' x2='%d' y2='%.1f' stroke='#ddd'/>"
                            + "<text x='%d' y='%.1f' text-anchor='end'>%.0f \u00b5s</text>",
                    LEFT, y(micros), WIDTH - RIGHT, y(micros), LEFT - 6, y(micros) + 4, micros));
        }
        for (Point point : points) {
            svg.append(line(
                    "<text x='%.1f' y='%d' text-anchor='middle'>%,d</text>",
                    x(point.venues()), HEIGHT - BOTTOM + 18, point.venues()));
        }
        svg.append(line(
                "<text x='%d' y='%d' text-anchor='middle'>venues</text>", (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 10));
        svg.append(curve(Point::allMicros, "#b3402a", "venues, companions and packing"));
        svg.append(curve(Point::venueMicros, "#2a5db3", "50 venues"));
        return svg.append(line("</svg>")).toString();
    }

    private String curve(ToDoubleFunction<Point> micros, String colour, String name) {
        String path = points.stream()
                .map(point ->
                        String.format(Locale.ROOT, "%.1f,%.1f", x(point.venues()), y(micros.applyAsDouble(point))))
                .collect(Collectors.joining(" "));
        String dots = points.stream()
                .map(point -> line(
                        "<circle cx='%.1f' cy='%.1f' r='4' fill='%s'/>",
                        x(point.venues()), y(micros.applyAsDouble(point)), colour))
                .collect(Collectors.joining());
        return line("<polyline points='%s' fill='none' stroke='%s' stroke-width='2'/>", path, colour)
                + dots
                + line(
                        "<text x='%.1f' y='%.1f' fill='%s'>%s</text>",
                        x(points.get(0).venues()), labelY(micros, name), colour, name);
    }

    /** Below the part of the curve that the label runs along from the first point. */
    private double labelY(ToDoubleFunction<Point> micros, String name) {
        double end = x(points.get(0).venues()) + LETTER * name.length();
        double lowest = 0;
        for (int i = 0; i < points.size() && (i == 0 || x(points.get(i - 1).venues()) < end); i++) {
            lowest = Math.max(lowest, y(micros.applyAsDouble(points.get(i))));
        }
        return lowest + 22;
    }

    private double x(int venues) {
        double first = Math.log(points.get(0).venues());
        double last = Math.log(points.get(points.size() - 1).venues());
        double share = last > first ? (Math.log(venues) - first) / (last - first) : 0.5;
        return LEFT + 30 + share * (WIDTH - LEFT - RIGHT - 60);
    }

    private double y(double micros) {
        return HEIGHT - BOTTOM - micros / most * (HEIGHT - TOP - BOTTOM);
    }

    private static String line(String format, Object... values) {
        return String.format(Locale.ROOT, format, values) + "\n";
    }
}
