package io.rootstock.trainer.estimate;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rootstock.trainer.plan.Machine;
import io.rootstock.trainer.plan.RefusedSpecException;
import io.rootstock.trainer.v1.Precision;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Devices with their speed and price: the table shipped as {@code devices.json}, or a file in its form. */
public final class DeviceTable {
    private static final String SHIPPED = "/io/rootstock/trainer/estimate/devices.json";
    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES);

    /** Of a GPU that the table does not know, whose price is then 0. */
    private static final double UNKNOWN_UTILIZATION = 0.35;

    private final Map<String, Entry> entries;

    /**
     * A line of the table.
     *
     * @param peakFlops advertised or measured peak a second; of {@code cpu} a core's, and unused where it was probed
     * @param utilization share of it that training reaches
     * @param dollarsPerHour on-demand price; of {@code cpu} a core's
     * @param source where the figures come from
     */
    record Entry(double peakFlops, double utilization, double dollarsPerHour, String source) {}

    private DeviceTable(Map<String, Entry> entries) {
        this.entries = new TreeMap<>(entries);
    }

    /** Reads the shipped table, or the given file in its place. */
    public static DeviceTable load(Optional<Path> file) {
        try (InputStream in =
                file.isPresent() ? Files.newInputStream(file.get()) : DeviceTable.class.getResourceAsStream(SHIPPED)) {
            return new DeviceTable(JSON.readValue(in, new TypeReference<Map<String, Entry>>() {}));
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot read the device price table "
                            + file.map(Path::toString).orElse(SHIPPED),
                    e);
        }
    }

    /** A device by name; refuses names that are not in the table. */
    public Device named(String name) {
        Entry entry = entries.get(name);
        if (entry == null) {
            throw new RefusedSpecException(
                    "device", "is not in the price table: " + name + "; known are " + entries.keySet());
        }
        return new Device(name, entry.peakFlops(), entry.utilization(), entry.dollarsPerHour());
    }

    /**
     * This machine.
     *
     * @param peakFlops measured, all cores together
     */
    public Device machine(Machine machine, Precision precision, double peakFlops) {
        if (machine.gpu()) {
            return gpu(machine.name(), peakFlops);
        }
        Entry entry = entries.get(precision == Precision.PRECISION_BFLOAT16 ? "cpu-bfloat16" : "cpu");
        return new Device(machine.name(), peakFlops, entry.utilization(), entry.dollarsPerHour() * machine.cores());
    }

    /**
     * The peak of matrix products that a GPU's maker names for bfloat16.
     *
     * @param gpu its name, as the driver tells it
     * @param otherwise for one that the table does not know
     */
    public double advertisedPeak(String gpu, double otherwise) {
        return entry(gpu).map(Entry::peakFlops).orElse(otherwise);
    }

    private Device gpu(String name, double peakFlops) {
        return entry(name)
                .map(entry -> new Device(name, peakFlops, entry.utilization(), entry.dollarsPerHour()))
                .orElseGet(() -> new Device(name, peakFlops, UNKNOWN_UTILIZATION, 0));
    }

    /** A GPU's line: {@code h100} is that of "NVIDIA H100 80GB HBM3". */
    private Optional<Entry> entry(String gpu) {
        String plain = gpu.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
        return entries.entrySet().stream()
                .filter(entry -> !entry.getKey().startsWith("cpu") && plain.contains(entry.getKey()))
                .max(Comparator.comparingInt(entry -> entry.getKey().length()))
                .map(Map.Entry::getValue);
    }
}
