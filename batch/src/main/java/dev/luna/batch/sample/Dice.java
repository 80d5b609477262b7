package dev.luna.batch.sample;

import java.util.List;
import java.util.Random;
import java.util.UUID;

/**
 * The city's only source of chance. {@link Random}'s sequence is part of Java's specification and everything here is
 * strict arithmetic, so a seed gives the same city on every JDK and machine.
 */
final class Dice {

    private final Random random;

    Dice(long seed) {
        this.random = new Random(seed);
    }

    /** Uniform in [0, 1). */
    double fraction() {
        return random.nextDouble();
    }

    /** True with the given probability. */
    boolean chance(double probability) {
        return fraction() < probability;
    }

    /** Uniform, both ends included. */
    int between(int least, int most) {
        return least + random.nextInt(most - least + 1);
    }

    /** Normally distributed (Box and Muller 1958). */
    double normal(double mean, double deviation) {
        double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - fraction()));
        return mean + deviation * radius * StrictMath.cos(2 * StrictMath.PI * fraction());
    }

    <T> T pick(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }

    /**
     * A position with probability proportional to its weight.
     *
     * @return -1 when all weights are 0
     */
    int pickWeighted(double[] weights) {
        double sum = 0;
        for (double weight : weights) {
            sum += weight;
        }
        double rest = fraction() * sum;
        int last = -1;
        for (int i = 0; i < weights.length; i++) {
            if (weights[i] > 0) {
                last = i;
                rest -= weights[i];
                if (rest < 0) {
                    break;
                }
            }
        }
        return last;
    }

    /** A random (version 4) UUID. */
    UUID uuid() {
        long high = random.nextLong() & 0xffff_ffff_ffff_0fffL | 0x4000L;
        long low = random.nextLong() & 0x3fff_ffff_ffff_ffffL | 0x8000_0000_0000_0000L;
        return new UUID(high, low);
    }
}
