package dev.luna.batch.cli;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What this process and the machine spent between two calls of {@link #lap}. The machine's share comes from
 * {@code /proc/stat} and includes the database's processes, and whatever else runs. Not thread-safe.
 */
final class ProcessMeter {

    /**
     * What was spent.
     *
     * @param wall time passed
     * @param processCpu CPU time of this JVM
     * @param coresBusy cores of the machine that were busy on average; NaN where {@code /proc/stat} is missing
     * @param peakHeapBytes largest use of each heap pool, summed: an upper bound, as pools peak at different times
     * @param peakResidentBytes largest resident memory of this JVM, pages of mapped files included; 0 where {@code /proc}
     *     is missing, and the largest since the process started where it cannot be reset
     */
    record Lap(Duration wall, Duration processCpu, double coresBusy, long peakHeapBytes, long peakResidentBytes) {}

    private static final Path MACHINE = Path.of("/proc/stat");
    private static final Path PROCESS = Path.of("/proc/self/status");

    /** Takes {@link #BEGIN_AGAIN}, upon which VmHWM of {@link #PROCESS} begins again at what is resident (proc(5)). */
    private static final Path PEAK_RESET = Path.of("/proc/self/clear_refs");

    private static final String BEGIN_AGAIN = "5";

    /** Fields of the first line of /proc/stat, in order: user nice system idle iowait irq softirq steal. */
    private static final int IDLE = 3;

    private static final int IOWAIT = 4;
    private static final int CPU_FIELDS = 8;

    /** A line of /proc/stat for each CPU follows the one for all. */
    private static final Pattern ONE_CPU = Pattern.compile("cpu\\d+ .*");

    private final OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private final List<MemoryPoolMXBean> heap = ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getType() == MemoryType.HEAP)
            .toList();
    private long lapNanos;
    private long lapCpuNanos;
    private long[] lapTicks = new long[0];

    ProcessMeter() {
        lap();
    }

    /** What was spent since the last call, or since the meter was made. */
    Lap lap() {
        long nanos = System.nanoTime();
        long cpuNanos = system.getProcessCpuTime();
        long[] ticks = ticks();
        Lap lap = new Lap(
                Duration.ofNanos(nanos - lapNanos),
                Duration.ofNanos(cpuNanos - lapCpuNanos),
                coresBusy(lapTicks, ticks),
                heap.stream().mapToLong(pool -> pool.getPeakUsage().getUsed()).sum(),
                peakResidentBytes());
        heap.forEach(MemoryPoolMXBean::resetPeakUsage);
        resetPeakResident();
        lapNanos = nanos;
        lapCpuNanos = cpuNanos;
        lapTicks = ticks;
        return lap;
    }

    private static long peakResidentBytes() {
        return lines(PROCESS).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                .findFirst()
                .orElse(0);
    }

    private static void resetPeakResident() {
        if (Files.isWritable(PEAK_RESET)) {
            try {
                Files.writeString(PEAK_RESET, BEGIN_AGAIN);
            } catch (IOException e) {
                // The peak goes on from where it was.
            }
        }
    }

    private static double coresBusy(long[] before, long[] after) {
        if (before.length < CPU_FIELDS || after.length < CPU_FIELDS) {
            return Double.NaN;
        }
        long all = 0;
        long idle = 0;
        for (int i = 0; i < CPU_FIELDS; i++) {
            long spent = after[i] - before[i];
            all += spent;
            idle += i == IDLE || i == IOWAIT ? spent : 0;
        }
        // A JVM may be limited to fewer than the machine has.
        long cpus = lines(MACHINE).stream().filter(ONE_CPU.asMatchPredicate()).count();
        return all == 0 ? Double.NaN : (double) (all - idle) / all * cpus;
    }

    private static long[] ticks() {
        List<String> lines = lines(MACHINE);
        return lines.isEmpty()
                ? new long[0]
                : Arrays.stream(lines.get(0).strip().split("\\s+"))
                        .skip(1)
                        .mapToLong(Long::parseLong)
                        .toArray();
    }

    private static List<String> lines(Path file) {
        if (!Files.isReadable(file)) {
            return List.of();
        }
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            // The column stays empty.
            return List.of();
        }
    }
}
