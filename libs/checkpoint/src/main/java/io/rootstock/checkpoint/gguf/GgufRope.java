package io.rootstock.checkpoint.gguf;

import io.rootstock.checkpoint.RopeScaling;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/**
 * Rotary frequencies of a GGUF model: keys and, for architecture llama, the tensor of factors [hd/2] that divide the
 * frequencies. Of Llama 3's scaling the file has only these factors; its parameters are recovered from them.
 */
final class GgufRope {
    /** Tolerance: factors are float32, parameters were decimal fractions. */
    private static final double TOLERANCE = 1e-4;

    private static final double DEFAULT_THETA = 10_000;

    private GgufRope() {}

    static double theta(GgufHeader header, String architecture) {
        String key = architecture + ".rope.freq_base";
        return header.has(key) ? header.real(key) : DEFAULT_THETA;
    }

    static RopeScaling scaling(GgufHeader header, String architecture, int headDimension, MemorySegment file) {
        RopeScaling stated = stated(header, architecture);
        Optional<GgufHeader.Tensor> tensor = header.tensors().stream()
                .filter(candidate -> candidate.name().equals(GgufNames.ROPE_FACTORS))
                .findFirst();
        if (tensor.isEmpty()) {
            return stated;
        }
        GgufHeader.Tensor table = tensor.get();
        require(
                table.type() == GgufType.F32
                        && table.elements() == headDimension / 2
                        && table.offset() >= 0
                        && table.offset() <= file.byteSize() - header.dataStart() - table.bytes(),
                "tensor " + GgufNames.ROPE_FACTORS + " must be F32 of [" + headDimension / 2 + "] inside the file");
        float[] factors = file.asSlice(header.dataStart() + table.offset(), table.bytes())
                .toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
        RopeScaling scaling = of(factors, theta(header, architecture));
        require(
                stated.equals(RopeScaling.NONE) || scaling.equals(RopeScaling.NONE),
                "the frequencies are scaled twice: by " + architecture + ".rope.scaling.factor and by the tensor "
                        + GgufNames.ROPE_FACTORS);
        return scaling.equals(RopeScaling.NONE) ? stated : scaling;
    }

    /** llama.cpp applies linear scaling if a factor is stated without a type. */
    private static RopeScaling stated(GgufHeader header, String architecture) {
        String type = architecture + ".rope.scaling.type";
        String name = header.has(type) ? header.text(type) : "linear";
        if (name.equals("none")) {
            return RopeScaling.NONE;
        }
        require(name.equals("linear"), type + " must be none or linear, is " + name);
        for (String key : new String[] {".rope.scaling.factor", ".rope.scale_linear"}) {
            if (header.has(architecture + key)) {
                double factor = header.real(architecture + key);
                return factor == 1 ? RopeScaling.NONE : new RopeScaling.Linear(factor);
            }
        }
        require(!header.has(type), "key " + architecture + ".rope.scaling.factor is missing");
        return RopeScaling.NONE;
    }

    /** Returns the scaling that produces these factors. */
    static RopeScaling of(float[] factors, double theta) {
        double largest = 1;
        double smallest = Double.MAX_VALUE;
        for (float factor : factors) {
            require(
                    factor >= 1 && Float.isFinite(factor),
                    "tensor " + GgufNames.ROPE_FACTORS + " holds " + factor + "; factors are at least 1");
            largest = Math.max(largest, factor);
            smallest = Math.min(smallest, factor);
        }
        if (largest == 1) {
            return RopeScaling.NONE;
        }
        if (smallest == largest) {
            return new RopeScaling.Linear(largest);
        }
        RopeScaling scaling = llama3(factors, theta, largest);
        for (int pair = 0; pair < factors.length; pair++) {
            double frequency = frequency(pair, factors.length, theta);
            double factor = frequency / scaling.frequency(frequency);
            require(
                    Math.abs(factor / factors[pair] - 1) < TOLERANCE,
                    "tensor " + GgufNames.ROPE_FACTORS
                            + " is not that of Llama 3's scaling, which is supported: factor " + pair + " is "
                            + factors[pair] + " and would be " + factor);
        }
        return scaling;
    }

    /**
     * Between the low and the high frequencies the unscaled share of a frequency, (turns - low) / (high - low), is
     * linear in it; low, high and the original context are determined up to a common factor, which is chosen so that
     * low is 1.
     */
    private static RopeScaling llama3(float[] factors, double theta, double largest) {
        int first = -1;
        int last = -1;
        int lowest = factors.length - 1;
        for (int pair = 0; pair < factors.length; pair++) {
            if (factors[pair] > 1 && factors[pair] < largest) {
                first = first < 0 ? pair : first;
                last = pair;
            }
            if (factors[pair] == largest) {
                lowest = Math.min(lowest, pair);
            }
        }
        double turn = 2 * Math.PI;
        if (first < 0) {
            // No frequency is between: any bounds between the two neighbours are valid.
            double gap =
                    Math.sqrt(frequency(lowest - 1, factors.length, theta) / frequency(lowest, factors.length, theta));
            double context = turn / frequency(lowest, factors.length, theta) / Math.sqrt(gap);
            return scaling(largest, gap, context);
        }
        double keptFirst = kept(factors[first], largest);
        double frequencyFirst = frequency(first, factors.length, theta);
        if (first == last) {
            // A single frequency does not determine the ratio of high to low; Llama 3's is 4.
            return scaling(largest, 4, (3 * keptFirst + 1) * turn / frequencyFirst);
        }
        double slope =
                (keptFirst - kept(factors[last], largest)) / (frequencyFirst - frequency(last, factors.length, theta));
        double offset = keptFirst - slope * frequencyFirst;
        require(slope > 0 && offset < 0, "tensor " + GgufNames.ROPE_FACTORS + " is not that of Llama 3's scaling");
        double high = 1 - 1 / offset;
        return scaling(largest, high, slope * (high - 1) * turn);
    }

    private static RopeScaling scaling(double factor, double high, double context) {
        // Rounds values that were integers or had few decimals.
        double rounded = Math.round(high * 100) / 100.0;
        boolean exact = Math.abs(rounded / high - 1) < TOLERANCE;
        return new RopeScaling.Llama3(factor, 1, exact ? rounded : high, (int) Math.round(context));
    }

    /** Share of a frequency that is not scaled. */
    private static double kept(double factor, double largest) {
        return (1 / factor - 1 / largest) / (1 - 1 / largest);
    }

    private static double frequency(int pair, int pairs, double theta) {
        return Math.pow(theta, -(double) pair / pairs);
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new InvalidGgufException(otherwise);
        }
    }
}
