package io.rootstock.inference.serving;

import io.rootstock.checkpoint.gguf.GgufShape;
import io.rootstock.inference.engine.scheduling.EngineOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.jboss.logging.Logger;

/**
 * Estimates available memory and the memory that a model needs. Available memory is the minimum of the system's
 * MemAvailable and the limits of this process's control groups.
 */
final class Memory {
    private static final Logger LOG = Logger.getLogger(Memory.class);
    private static final int TOKENS_AT_ONCE = 512;
    private static final long OVERHEAD_BYTES = 64L << 20;

    private final Path proc;
    private final Path groups;

    /** Reads {@code /proc} and {@code /sys/fs/cgroup}. */
    Memory() {
        this(Path.of("/proc"), Path.of("/sys/fs/cgroup"));
    }

    /** Reads these directories. */
    Memory(Path proc, Path groups) {
        this.proc = proc;
        this.groups = groups;
    }

    /**
     * Estimated bytes for serving a model: weights, KV cache of all slots and of texts to score, prompt cache, and
     * activations of the tokens that are decoded at once.
     */
    static long need(GgufShape shape, EngineOptions options) {
        long sequence =
                (long) options.contextLength() * shape.layers() * shape.keyValueWidth() * (options.exact() ? 4L : 2L);
        long keysAndValues = options.slots() * sequence;
        long perToken = 4L * (6L * shape.dimension() + 3L * shape.feedForward());
        long outputs = 4L * options.slots() * shape.vocabularySize();
        return shape.fileBytes()
                + keysAndValues
                + sequence
                + Math.min(options.promptCacheBytes(), keysAndValues)
                + TOKENS_AT_ONCE * perToken
                + outputs
                + OVERHEAD_BYTES;
    }

    /** Available bytes; empty if unknown. */
    OptionalLong available() {
        OptionalLong machine = machine();
        OptionalLong group = group();
        if (machine.isEmpty() || group.isEmpty()) {
            return machine.isPresent() ? machine : group;
        }
        return OptionalLong.of(Math.min(machine.getAsLong(), group.getAsLong()));
    }

    private OptionalLong machine() {
        for (String line : lines(proc.resolve("meminfo"))) {
            if (line.startsWith("MemAvailable:")) {
                return OptionalLong.of(1024 * Long.parseLong(line.replaceAll("[^0-9]", "")));
            }
        }
        return OptionalLong.empty();
    }

    /**
     * Available bytes of the most limited control group (version 2) of this process; inactive file pages count as
     * available.
     */
    private OptionalLong group() {
        OptionalLong least = OptionalLong.empty();
        for (String line : lines(proc.resolve("self/cgroup"))) {
            if (!line.startsWith("0::/")) {
                continue;
            }
            Path group = groups.resolve(line.substring("0::/".length())).normalize();
            while (group.startsWith(groups)) {
                OptionalLong left = left(group);
                if (left.isPresent() && (least.isEmpty() || left.getAsLong() < least.getAsLong())) {
                    least = left;
                }
                group = group.getParent();
            }
        }
        return least;
    }

    private static OptionalLong left(Path group) {
        OptionalLong limit = number(lines(group.resolve("memory.max")));
        OptionalLong used = number(lines(group.resolve("memory.current")));
        if (limit.isEmpty() || used.isEmpty()) {
            return OptionalLong.empty();
        }
        long idle = 0;
        for (String line : lines(group.resolve("memory.stat"))) {
            if (line.startsWith("inactive_file ")) {
                idle = Long.parseLong(line.substring("inactive_file ".length()));
            }
        }
        return OptionalLong.of(Math.max(0, limit.getAsLong() - used.getAsLong() + idle));
    }

    private static OptionalLong number(List<String> lines) {
        return lines.isEmpty() || lines.getFirst().equals("max")
                ? OptionalLong.empty()
                : OptionalLong.of(Long.parseLong(lines.getFirst()));
    }

    private static List<String> lines(Path file) {
        try {
            return Files.exists(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            LOG.debug("cannot read " + file, e);
            return List.of();
        }
    }
}
