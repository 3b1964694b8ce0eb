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

/** Speed and price of devices, from the shipped {@code devices.json} or a file of the same format. */
public final class DeviceTable {
    private static final String SHIPPED = "/io/rootstock/trainer/estimate/devices.json";
    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES);

    /** Utilization of a GPU that is not in the table; its price is 0. */
    private static final double UNKNOWN_UTILIZATION = 0.35;

    private final Map<String, Entry> entries;

    /**
     * An entry of the table.
     *
     * @param peakFlops peak FLOP/s, advertised or measured; of {@code cpu} per core, and unused if the peak was probed
     * @param utilization share of the peak that training reaches
     * @param dollarsPerHour on-demand price; of {@code cpu} per core
     * @param source source of the figures
     */
    record Entry(double peakFlops, double utilization, double dollarsPerHour, String source) {}

    private DeviceTable(Map<String, Entry> entries) {
        this.entries = new TreeMap<>(entries);
    }

    /** Reads the given file, or the shipped table if it is empty. */
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

    /** Returns a device by name; rejects names that are not in the table. */
    public Device named(String name) {
        Entry entry = entries.get(name);
        if (entry == null) {
            throw new RefusedSpecException(
                    "device", "is not in the price table: " + name + "; known devices: " + entries.keySet());
        }
        return new Device(name, entry.peakFlops(), entry.utilization(), entry.dollarsPerHour());
    }

    /**
     * Returns the machines of a run as one device.
     *
     * @param peakFlops measured peak FLOP/s of all cores together
     */
    public Device machine(Machine machine, Precision precision, double peakFlops) {
        String name = machine.count() == 1 ? machine.name() : machine.count() + " x " + machine.name();
        if (machine.gpu()) {
            return gpu(name, peakFlops, machine.count());
        }
        Entry entry = entries.get(precision == Precision.PRECISION_BFLOAT16 ? "cpu-bfloat16" : "cpu");
        return new Device(
                name, peakFlops, entry.utilization(), entry.dollarsPerHour() * machine.cores() * machine.count());
    }

    /**
     * Returns a GPU's advertised bfloat16 peak for matrix products, in FLOP/s.
     *
     * @param gpu name reported by the driver
     * @param otherwise result for a GPU that is not in the table
     */
    public double advertisedPeak(String gpu, double otherwise) {
        return entry(gpu).map(Entry::peakFlops).orElse(otherwise);
    }

    private Device gpu(String name, double peakFlops, int count) {
        return entry(name)
                .map(entry -> new Device(name, peakFlops, entry.utilization(), entry.dollarsPerHour() * count))
                .orElseGet(() -> new Device(name, peakFlops, UNKNOWN_UTILIZATION, 0));
    }

    /** Finds the entry of a GPU: {@code h100} matches "NVIDIA H100 80GB HBM3". */
    private Optional<Entry> entry(String gpu) {
        String plain = gpu.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
        return entries.entrySet().stream()
                .filter(entry -> !entry.getKey().startsWith("cpu") && plain.contains(entry.getKey()))
                .max(Comparator.comparingInt(entry -> entry.getKey().length()))
                .map(Map.Entry::getValue);
    }
}
